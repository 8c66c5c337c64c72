using System.Runtime.CompilerServices;
using FaceCloud.Cli.Commands;
using FaceCloud.Client;
using Spectre.Console;

namespace FaceCloud.Cli.Enrolment;

/// <summary>A folder through the queue: gallery, job, upload, wait, outcomes.</summary>
internal sealed class FolderEnrolment(FaceCloudClient client, string galleryId, JobOptions options, TimeProvider time)
{
    private readonly List<(EnrolmentPhoto Photo, string Message)> _unreadable = [];

    public async Task<EnrolmentReport> RunAsync(EnrolmentFolder folder, ProgressTask? sent, ProgressTask? done, CancellationToken cancellationToken)
    {
        var created = await EnrolmentGallery.EnsureAsync(client, galleryId, cancellationToken);
        var job = await client.StartJobAsync(galleryId, options, cancellationToken);

        var start = time.GetTimestamp();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var outcomes = JobsCommand.FollowAsync(client, job.JobId, done, giveUp.Token);
        UploadSummary upload;
        try
        {
            upload = await client.UploadAsync(job.JobId, ReadAsync(folder, cancellationToken), Report(sent), cancellationToken);
            await client.CloseJobAsync(job.JobId, cancellationToken);
        }
        catch
        {
            await giveUp.CancelAsync();
            await ((Task)outcomes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        var last = await outcomes;
        var elapsed = time.GetElapsedTime(start);

        // Asked again after the end of the watch: the counts and the list are of the same moment.
        var items = await client.ListItemsAsync(job.JobId, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        return new EnrolmentReport
        {
            Folder = folder,
            GalleryCreated = created,
            Job = last,
            Items = items,
            Refused = upload.Refused,
            RefusedCount = upload.RefusedCount,
            Unreadable = _unreadable,
            Elapsed = elapsed,
        };
    }

    private async IAsyncEnumerable<PhotoUpload> ReadAsync(EnrolmentFolder folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var photo in folder.Photos)
        {
            byte[] bytes;
            try
            {
                bytes = await PhotoFiles.ReadAsync(photo.Path, cancellationToken);
            }
            catch (InputException exception)
            {
                _unreadable.Add((photo, exception.Message));
                continue;
            }

            yield return new PhotoUpload(photo.PersonId, bytes) { Source = photo.Source };
        }
    }

    private static Synchronous? Report(ProgressTask? sent) => sent is null ? null : new Synchronous(sent);

    // Progress<T> would report from the thread pool, out of order and after the end.
    private sealed class Synchronous(ProgressTask bar) : IProgress<UploadProgress>
    {
        public void Report(UploadProgress value) => bar.Value = value.Accepted + value.Refused;
    }
}
