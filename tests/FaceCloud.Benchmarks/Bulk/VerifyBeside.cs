using System.Diagnostics;
using FaceCloud.Benchmarks.Whole;
using FaceCloud.Client;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>Verify calls, one after another: alone, and while a job runs.</summary>
internal static class VerifyBeside
{
    private const int WarmUp = 20;

    public static async Task<(Percentiles Alone, Percentiles Beside)> MeasureAsync(SeparateServers servers, PhotoSet set, BulkSettings settings, CancellationToken cancellationToken)
    {
        var gallery = $"verify-{Guid.NewGuid():N}";
        await servers.Client.CreateGalleryAsync(gallery, cancellationToken: cancellationToken);
        var persons = set.Photos.DistinctBy(photo => photo.Person).Take(20).ToList();
        foreach (var (person, photo) in persons)
        {
            await servers.Client.EnrollAsync(gallery, person, photo, new EnrollOptions { MaxFaces = 100, MinQuality = 0 }, cancellationToken);
        }

        await CallAsync(WarmUp, () => false);
        var alone = await CallAsync(settings.Verifications, () => false);
        var job = BulkRun.MeasureAsync(servers, set, settings.Photos * 4, cancellationToken);
        var beside = await CallAsync(settings.Verifications, () => job.IsCompleted);
        await job;
        return (alone, beside);

        async Task<Percentiles> CallAsync(int calls, Func<bool> isOver)
        {
            var times = new List<double>();
            for (var call = 0; call < calls && !isOver(); call++)
            {
                var (person, photo) = persons[call % persons.Count];
                var start = Stopwatch.GetTimestamp();
                await servers.Client.VerifyAsync(gallery, person, FaceInput.Photo(photo), cancellationToken: cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return Percentiles.Of(times);
        }
    }
}
