using System.Runtime.CompilerServices;
using FaceCloud.Cli.Commands;
using FaceCloud.Cli.Enrolment;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Grpc.Core;
using Spectre.Console;

namespace FaceCloud.Cli.Manifests;

/// <summary>A manifest through the queue, some rows at a time: it may have more of them than fit into memory.</summary>
internal sealed class ManifestEnrolment(FaceCloudClient client, string galleryId, JobOptions options, RejectedRows rejected, TimeProvider time)
{
    private const int Portion = 1024;
    private const int CardsAtOnce = 8;

    private static readonly EnrolOutcome[] NotEnrolled = [EnrolOutcome.Failed, EnrolOutcome.RejectedQuality, EnrolOutcome.NoFace, EnrolOutcome.Cancelled];

    private readonly SeenRows _seen = new();
    private long _rows;

    /// <exception cref="InputException">No rows, or a header that says nothing; no job was started.</exception>
    public async Task<ManifestReport> RunAsync(Manifest manifest, ProgressTask? sent, ProgressTask? done, CancellationToken cancellationToken)
    {
        await using var entries = manifest.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        if (!await entries.MoveNextAsync())
        {
            throw new InputException(Reasons.ManifestInvalid, $"'{manifest.Name}' has no rows.");
        }

        var created = await EnrolmentGallery.EnsureAsync(client, galleryId, cancellationToken);
        var job = await client.StartJobAsync(galleryId, options, cancellationToken);

        var start = time.GetTimestamp();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var outcomes = JobsCommand.FollowAsync(client, job.JobId, done, giveUp.Token);
        try
        {
            bool more;
            do
            {
                (var portion, more) = await NextAsync(entries);
                await SendAsync(job.JobId, manifest.Folder, portion, cancellationToken);
                if (sent is not null)
                {
                    sent.MaxValue = Math.Max(sent.MaxValue, _rows);
                    sent.Value = _rows;
                }
            }
            while (more);

            await client.CloseJobAsync(job.JobId, cancellationToken);
        }
        catch
        {
            await giveUp.CancelAsync();
            await ((Task)outcomes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        var last = await outcomes;
        return new ManifestReport
        {
            Manifest = manifest.Name,
            GalleryCreated = created,
            Job = last,
            Rows = _rows,
            Rejected = rejected,
            NotEnrolled = await ListNotEnrolledAsync(job.JobId, cancellationToken),
            Elapsed = time.GetElapsedTime(start),
        };
    }

    // The enumerator stands on an entry that is not taken yet.
    private async Task<(List<ManifestRow> Rows, bool More)> NextAsync(IAsyncEnumerator<ManifestEntry> entries)
    {
        var rows = new List<ManifestRow>(Portion);
        bool more;
        do
        {
            _rows++;
            if (entries.Current.Row is { } row)
            {
                if (_seen.LineOf(row) is { } line)
                {
                    rejected.Add(RejectedRow.Of(row, Reasons.RowDuplicate, $"Line {line} has this photo for this person already."));
                }
                else
                {
                    rows.Add(row);
                }
            }
            else
            {
                rejected.Add(entries.Current.Rejected!);
            }

            more = await entries.MoveNextAsync();
        }
        while (more && rows.Count < Portion);

        return (rows, more);
    }

    private async Task SendAsync(string jobId, string folder, List<ManifestRow> rows, CancellationToken cancellationToken)
    {
        var refusedPersons = await SendCardsAsync(rows, cancellationToken);
        foreach (var row in rows)
        {
            if (refusedPersons.TryGetValue(row.PersonId, out var refusal))
            {
                rejected.Add(RejectedRow.Of(row, refusal.Reason, refusal.Message));
            }
        }

        var sent = new List<ManifestRow>(rows.Count);
        var photos = ReadAsync(folder, rows.Where(row => !refusedPersons.ContainsKey(row.PersonId)), sent, cancellationToken);
        var summary = await client.UploadAsync(jobId, photos, cancellationToken: cancellationToken);
        foreach (var photo in summary.Refused)
        {
            rejected.Add(RejectedRow.Of(sent[(int)photo.Position], photo.Reason, photo.Message));
        }
    }

    /// <summary>Writes down what the rows say of persons. Answers those of whom the server does not take it.</summary>
    private async Task<IReadOnlyDictionary<string, FaceCloudException>> SendCardsAsync(List<ManifestRow> rows, CancellationToken cancellationToken)
    {
        var cards = rows
            .Where(row => row.HasCard && !_seen.KnowsCard(row))
            .GroupBy(row => row.PersonId, StringComparer.Ordinal)
            .Select(person => person.Last());
        var refused = new Dictionary<string, FaceCloudException>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            cards,
            new ParallelOptions { MaxDegreeOfParallelism = CardsAtOnce, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                try
                {
                    await client.UpsertPersonAsync(
                        new UpsertPersonRequest { GalleryId = galleryId, PersonId = row.PersonId, Name = row.Name, ExternalId = row.ExternalId, Metadata = { row.Metadata } },
                        token);
                }
                catch (FaceCloudException exception) when (exception.Status == StatusCode.InvalidArgument)
                {
                    lock (refused)
                    {
                        refused[row.PersonId] = exception;
                    }
                }
            });
        return refused;
    }

    private async IAsyncEnumerable<PhotoUpload> ReadAsync(
        string folder, IEnumerable<ManifestRow> rows, List<ManifestRow> sent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            PhotoUpload photo;
            try
            {
                photo = new PhotoUpload(row.PersonId, row.Kind == ManifestPlace.Path ? await PhotoFiles.ReadAsync(Path.Combine(folder, row.Place), cancellationToken) : default)
                {
                    PersonName = row.Name,
                    Source = RejectedRow.Last(row.Place),
                    Reference = Reference(row),
                };
            }
            catch (InputException exception)
            {
                rejected.Add(RejectedRow.Of(row, exception.Reason, exception.Message));
                continue;
            }

            sent.Add(row);
            yield return photo;
        }
    }

    private static PhotoReference? Reference(ManifestRow row) => row.Kind switch
    {
        ManifestPlace.ServerPath => new PhotoReference { Path = row.Place },
        ManifestPlace.ObjectKey => new PhotoReference { ObjectKey = row.Place },
        ManifestPlace.Url => new PhotoReference { Url = row.Place },
        _ => null,
    };

    private async Task<IReadOnlyList<Item>> ListNotEnrolledAsync(string jobId, CancellationToken cancellationToken)
    {
        var items = new List<Item>();
        foreach (var outcome in NotEnrolled)
        {
            var listed = client.ListItemsAsync(jobId, new ItemFilter { Outcome = outcome }, cancellationToken: cancellationToken);
            items.AddRange(await AsyncEnumerable.Take(listed, RejectedRows.MostKept - items.Count).ToListAsync(cancellationToken));
        }

        return items;
    }
}
