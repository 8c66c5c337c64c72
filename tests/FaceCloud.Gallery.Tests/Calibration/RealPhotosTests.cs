using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;

namespace FaceCloud.Gallery.Tests.Calibration;

/// <summary>60 persons with 8 photos each and 200 strangers, research data that is not part of the repository, with the test models and with the shipped ones.</summary>
public sealed class RealPhotosTests
{
    private const double Asked = 1e-2;

    // The asked rate lies in the interval of what was seen: strangers given a name, at the model's table and at the gallery's own calibration. The lines
    // written here, with the probes that are named rightly, are in tests/FaceCloud.Benchmarks/results/accuracy.md.
    [Theory]
    [InlineData("mobilefacenet-112x96", "yunet-n")]
    [InlineData("facecloud-encoder-1", "facecloud-detector-1")]
    public async Task Identify_Strangers_AreNamedAtTheAskedRateWithOneThreeAndFivePhotosAPerson(string encoder, string detector)
    {
        SharedData.SkipUnlessPresent();
        var (people, strangers, model) = await RealPhotos.EncodeAsync(encoder, detector);

        foreach (var photos in new[] { 1, 3, 5 })
        {
            await using var host = await GalleryHost.StartAsync();
            host.Encoder.Calibration = model.Calibration;
            await host.StoreAsync([.. people.Where(face => face.Photo <= photos).Select(face => (face.Person, face.Embedding))]);

            var probes = people.Where(face => face.Photo > photos).ToList();
            var byModel = await NamedAsync(host, strangers);
            var (right, wrong) = await RecognizedAsync(host, probes);
            var run = await host.Client.CalibrateGalleryAsync(new CalibrateGalleryRequest { GalleryId = GalleryHost.Staff });
            var byGallery = await NamedAsync(host, strangers);
            var (ownRight, ownWrong) = await RecognizedAsync(host, probes);

            var strictest = run.Calibration.Rates.Last(rate => rate.Refusal.Length == 0);
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
                $"| {encoder} | {photos} | the model's | {run.IdentifyThresholdOfModel.Value:0.000} | {byModel} of 200 | {right} of {probes.Count} ({100.0 * right / probes.Count:0.0} %) | {wrong} | |"));
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
                $"| | | **its own** | {run.IdentifyThreshold.Value:0.000} | {byGallery} of 200 | {ownRight} of {probes.Count} ({100.0 * ownRight / probes.Count:0.0} %) | {ownWrong} | {strictest.FalseAcceptRate:0E+0}: {strictest.Threshold:0.000} ({strictest.ThresholdInterval.Low:0.000} to {strictest.ThresholdInterval.High:0.000}) |"));
            Assert.Equal((Asked, ThresholdSource.GalleryCalibration), (run.IdentifyThreshold.FalsePositiveRate, run.IdentifyThreshold.Source));
            AssertAgrees(byModel);
            AssertAgrees(byGallery);
        }
    }

    // Wilson's interval of 95 % around the share of 200 holds the asked rate.
    private static void AssertAgrees(int named)
    {
        const double z = 1.959964;
        const int trials = 200;
        var share = (double)named / trials;
        var centre = (share + (z * z / (2 * trials))) / (1 + (z * z / trials));
        var reach = z / (1 + (z * z / trials)) * Math.Sqrt((share * (1 - share) / trials) + (z * z / (4.0 * trials * trials)));

        Assert.InRange(Asked, centre - reach, centre + reach);
    }

    private static async Task<int> NamedAsync(GalleryHost host, IEnumerable<float[]> strangers)
    {
        var named = 0;
        foreach (var stranger in strangers)
        {
            var answer = await host.Client.IdentifyAsync(
                new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(stranger), MaxFalsePositiveRate = Asked });
            named += answer.Outcome is IdentifyOutcome.Recognized ? 1 : 0;
        }

        return named;
    }

    private static async Task<(int Right, int Wrong)> RecognizedAsync(GalleryHost host, IEnumerable<(string Person, int Photo, float[] Embedding)> probes)
    {
        var (right, wrong) = (0, 0);
        foreach (var (person, _, embedding) in probes)
        {
            var answer = await host.Client.IdentifyAsync(
                new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(embedding), MaxFalsePositiveRate = Asked });
            if (answer.Outcome == IdentifyOutcome.Recognized)
            {
                (right, wrong) = answer.Faces[0].Candidates[0].PersonId == person ? (right + 1, wrong) : (right, wrong + 1);
            }
        }

        return (right, wrong);
    }
}
