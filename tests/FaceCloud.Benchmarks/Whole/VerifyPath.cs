using System.Diagnostics;
using FaceCloud.Client;

namespace FaceCloud.Benchmarks.Whole;

/// <summary>Verify, a photo against a person, warm, one call after another.</summary>
internal static class VerifyPath
{
    private const int WarmUp = 50;

    public static async Task<VerifyResult> MeasureAsync(StandaloneServer server, PhotoSet set, int calls, CancellationToken cancellationToken)
    {
        var client = server.Client;
        var gallery = $"verify-{Guid.NewGuid():N}";
        await client.CreateGalleryAsync(gallery, cancellationToken: cancellationToken);
        foreach (var person in set.Photos.GroupBy(photo => photo.Person, photo => photo.Photo))
        {
            await client.EnrollAsync(gallery, person.Key, person.First(), new EnrollOptions { MaxFaces = 100, MinQuality = 0 }, cancellationToken);
        }

        var (seen, told) = (new List<double>(), new List<double>());
        for (var call = -WarmUp; call < calls; call++)
        {
            var (person, photo) = set.Photos[(call + WarmUp) % set.Photos.Count];
            var start = Stopwatch.GetTimestamp();
            var answer = await client.VerifyAsync(gallery, person, FaceInput.Photo(photo), cancellationToken: cancellationToken);
            if (call >= 0)
            {
                seen.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                told.Add(answer.Timings.TotalMs);
            }
        }

        await client.DeleteGalleryAsync(gallery, cancellationToken);
        return new VerifyResult(Percentiles.Of(seen), Percentiles.Of(told), calls);
    }
}
