using System.Diagnostics;
using FaceCloud.Client;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Benchmarks.Whole;

/// <summary>Photos through the queue, end to end: upload, crop, encode, store, outcome.</summary>
internal static class BulkPath
{
    public static async Task<BulkResult> MeasureAsync(StandaloneServer server, PhotoSet set, int rounds, CancellationToken cancellationToken)
    {
        // Code is compiled and connections are open after this.
        await RunAsync(server, new PhotoSet([.. set.Photos.Take(64)]), cancellationToken);

        var results = new List<BulkResult>();
        for (var round = 0; round < rounds; round++)
        {
            results.Add(await RunAsync(server, set, cancellationToken));
        }

        return results.OrderBy(result => result.PerSecond).ElementAt(rounds / 2);
    }

    private static async Task<BulkResult> RunAsync(StandaloneServer server, PhotoSet set, CancellationToken cancellationToken)
    {
        var client = server.Client;
        var gallery = $"bulk-{Guid.NewGuid():N}";
        await client.CreateGalleryAsync(gallery, cancellationToken: cancellationToken);
        // Every photo shall go all the way.
        var job = await client.StartJobAsync(gallery, new JobOptions { MaxFaces = 100, MinQuality = 0 }, cancellationToken);

        var before = server.ProcessorTime();
        var clock = Stopwatch.StartNew();
        await client.UploadAsync(job.JobId, set.Photos.Select(photo => new PhotoUpload(photo.Person, photo.Photo)).ToAsyncEnumerable(), cancellationToken: cancellationToken);
        await client.CloseJobAsync(job.JobId, cancellationToken);
        await foreach (var state in client.WatchJobAsync(job.JobId, cancellationToken))
        {
            job = state;
        }

        clock.Stop();
        var used = server.ProcessorTime() - before;
        if (job.State != JobState.Completed)
        {
            throw new InvalidOperationException($"The job ended as {job.State}.");
        }

        await client.DeleteGalleryAsync(gallery, cancellationToken);
        return new BulkResult(set.Photos.Count / clock.Elapsed.TotalSeconds, used?.TotalMilliseconds / set.Photos.Count, job.Counts.Enrolled, set.Photos.Count);
    }
}
