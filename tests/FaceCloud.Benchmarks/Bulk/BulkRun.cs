using System.Diagnostics;
using FaceCloud.Benchmarks.Whole;
using FaceCloud.Client;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>One job through the separate services.</summary>
internal static class BulkRun
{
    /// <summary>Photos a second from the first one sent to the last outcome known. Photos repeat under other persons when there are too few.</summary>
    public static async Task<double> MeasureAsync(SeparateServers servers, PhotoSet set, int count, CancellationToken cancellationToken)
    {
        var client = servers.Client;
        var gallery = $"bulk-{Guid.NewGuid():N}";
        await client.CreateGalleryAsync(gallery, cancellationToken: cancellationToken);
        var job = await client.StartJobAsync(gallery, new JobOptions { MaxFaces = 100, MinQuality = 0 }, cancellationToken);
        var photos = Enumerable.Range(0, count).Select(i => new PhotoUpload($"{set.Photos[i % set.Photos.Count].Person}-{i / set.Photos.Count}", set.Photos[i % set.Photos.Count].Photo));

        var clock = Stopwatch.StartNew();
        await client.UploadAsync(job.JobId, photos.ToAsyncEnumerable(), cancellationToken: cancellationToken);
        await client.CloseJobAsync(job.JobId, cancellationToken);
        await foreach (var state in client.WatchJobAsync(job.JobId, cancellationToken))
        {
            job = state;
        }

        clock.Stop();
        var done = job.Counts.Enrolled + job.Counts.Duplicate + job.Counts.NoFace;
        if (job.State != JobState.Completed || job.Counts.Failed > 0 || done < job.Counts.Accepted)
        {
            throw new InvalidOperationException($"The job ended as {job}.");
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
