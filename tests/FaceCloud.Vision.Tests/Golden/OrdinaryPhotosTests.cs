using System.Formats.Tar;
using FaceCloud.Testing;

namespace FaceCloud.Vision.Tests.Golden;

/// <summary>The 480 photos of people.tar and the 200 of strangers.tar: ordinary pictures, which gates must let pass.</summary>
public sealed class OrdinaryPhotosTests
{
    // Measured: 672 of 680 pass for enrolment (the eight refused are profiles) and 676 as probes.
    [Theory]
    [InlineData(true, 0.97)]
    [InlineData(false, 0.985)]
    public async Task AnalyzeAsync_OrdinaryPhotos_NearlyAllPass(bool enrolment, double atLeast)
    {
        var analyzer = Analyzers.Real;
        string[] archives = [Path.Combine(SharedData.Photos, "people.tar"), Path.Combine(SharedData.Photos, "strangers.tar")];
        Assert.SkipUnless(Array.TrueForAll(archives, File.Exists), $"Needs people.tar and strangers.tar in '{SharedData.Photos}'.");
        var gate = enrolment ? QualityGate.Enrolment : QualityGate.Probe;
        var (total, passed) = (0, 0);

        await Parallel.ForEachAsync(archives.SelectMany(ReadPhotos), TestContext.Current.CancellationToken, async (photo, token) =>
        {
            var analysis = await analyzer.AnalyzeAsync(photo, gate, 1, token);
            Interlocked.Increment(ref total);
            if (analysis.Faces is [{ Quality.Reasons.Count: 0 }])
            {
                Interlocked.Increment(ref passed);
            }
        });

        TestContext.Current.SendDiagnosticMessage($"{passed} of {total} pass {(enrolment ? "for enrolment" : "as probes")}.");
        Assert.Equal(680, total);
        Assert.True(passed >= atLeast * total, $"{passed} of {total} pass.");
    }

    private static IEnumerable<byte[]> ReadPhotos(string archive)
    {
        using var file = File.OpenRead(archive);
        using var tar = new TarReader(file);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                using var photo = new MemoryStream();
                data.CopyTo(photo);
                yield return photo.ToArray();
            }
        }
    }
}
