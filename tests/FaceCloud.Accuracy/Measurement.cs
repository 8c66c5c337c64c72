using System.Diagnostics;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Accuracy;

/// <summary>Enrols, asks, and takes down the answers. Uses a gallery of its own and deletes it afterwards.</summary>
internal sealed class Measurement(FaceCloudClient client, JobOptions enrolment, int concurrency, PersonScoring scoring)
{
    public async Task<Result> RunAsync(LabelledPhotos photos, CancellationToken cancellationToken)
    {
        var gallery = $"accuracy-{Guid.NewGuid():N}";
        await client.CreateGalleryAsync(gallery, settings: new GallerySettings { Scoring = scoring }, cancellationToken: cancellationToken);
        try
        {
            var enrolling = Stopwatch.StartNew();
            var job = await EnrolAsync(gallery, photos.Enrolled, cancellationToken);
            enrolling.Stop();

            var search = Stopwatch.StartNew();
            var answers = await AskAsync(gallery, photos, cancellationToken);
            search.Stop();

            var (calibrated, refusal) = await CalibratedAsync(gallery, photos, cancellationToken);
            var contract = (await client.GetGalleryAsync(gallery, cancellationToken)).EmbeddingContract;
            return new Result(
                job.Counts, enrolling.Elapsed, await NotEnrolledAsync(job.JobId, cancellationToken), answers, search.Elapsed, concurrency, contract, scoring, calibrated, refusal);
        }
        finally
        {
            await client.DeleteGalleryAsync(gallery, CancellationToken.None);
        }
    }

    /// <summary>The same questions once the gallery is calibrated on itself; or why it cannot be.</summary>
    private async Task<(IReadOnlyList<Answer> Answers, string? Refusal)> CalibratedAsync(string gallery, LabelledPhotos photos, CancellationToken cancellationToken)
    {
        try
        {
            await client.CalibrateGalleryAsync(gallery, cancellationToken: cancellationToken);
        }
        catch (FaceCloudException exception) when (exception.Reason == "CALIBRATION_IMPOSSIBLE")
        {
            return ([], exception.Message);
        }

        return (await AskAsync(gallery, photos, cancellationToken), null);
    }

    private static async IAsyncEnumerable<PhotoUpload> ReadAsync(IEnumerable<LabelledPhoto> photos)
    {
        foreach (var photo in photos)
        {
            yield return new PhotoUpload(photo.Person, await File.ReadAllBytesAsync(photo.File)) { Source = photo.File };
        }
    }

    private async Task<Job> EnrolAsync(string gallery, IReadOnlyList<LabelledPhoto> photos, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"Enrolling {photos.Count} photos ...");
        var job = await client.StartJobAsync(gallery, enrolment, cancellationToken);
        var summary = await client.UploadAsync(job.JobId, ReadAsync(photos), cancellationToken: cancellationToken);
        foreach (var refused in summary.Refused)
        {
            await Console.Error.WriteLineAsync($"Refused: {refused.Source}: {refused.Reason}");
        }

        await client.CloseJobAsync(job.JobId, cancellationToken);
        await foreach (var state in client.WatchJobAsync(job.JobId, cancellationToken))
        {
            job = state;
        }

        return job;
    }

    private async Task<Answer[]> AskAsync(string gallery, LabelledPhotos photos, CancellationToken cancellationToken)
    {
        var questions = photos.Probes.Select(probe => (Person: (string?)probe.Person, probe.File))
            .Concat(photos.Strangers.Select(file => (Person: (string?)null, File: file)))
            .ToArray();
        await Console.Error.WriteLineAsync($"Asking about {questions.Length} photos ...");
        var answers = new Answer[questions.Length];
        await Parallel.ForAsync(
            0,
            questions.Length,
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            async (i, cancelled) =>
            {
                var photo = FaceInput.Photo(await File.ReadAllBytesAsync(questions[i].File, cancelled));
                var reply = await client.IdentifyAsync(gallery, photo, new IdentifyOptions { MaxCandidates = 1, IncludeBelowThreshold = true }, cancelled);
                var nearest = reply.Faces.FirstOrDefault()?.Candidates.FirstOrDefault();
                answers[i] = new Answer(questions[i].Person, reply.Outcome, nearest?.PersonId, nearest?.Similarity ?? float.NaN, reply.Threshold);
            });
        return answers;
    }

    private async Task<List<string>> NotEnrolledAsync(string job, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var item in client.ListItemsAsync(job, cancellationToken: cancellationToken))
        {
            if (item.Outcome is not EnrolOutcome.Enrolled)
            {
                var name = Path.Combine(item.PersonId, Path.GetFileName(item.Source));
                lines.Add($"{name}: {item.Outcome} {string.Join(' ', item.Reasons)}{item.ErrorReason}".TrimEnd());
            }
        }

        return lines;
    }
}
