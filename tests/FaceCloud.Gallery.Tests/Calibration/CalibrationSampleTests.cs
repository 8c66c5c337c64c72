using FaceCloud.Gallery.Calibration;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests.Calibration;

public sealed class CalibrationSampleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Compare_ThreePersons_AsByHand()
    {
        var sample = new CalibrationSample([Faces("a", [1, 0], [0.6f, 0.8f]), Faces("b", [0, 1]), Faces("c", [-1, 0])], ScoringRule.BestFace);

        var scores = sample.Compare(1000, Token);

        // Faces of a against b and c: 0 and -1, 0.8 and -0.6; b against a (best of 0 and 0.8) and c; c against a (best of -1 and -0.6) and b.
        Assert.Equal([0.8f, 0.8f, 0, 0, 0, -0.6f, -0.6f, -1], scores.Impostors.Select(score => MathF.Round(score.Similarity, 5) + 0f));
        Assert.Equal([0.6f, 0.6f], scores.Genuine.Select(score => MathF.Round(score.Similarity, 5)));
        Assert.Equal([0.5, 0.5], scores.GenuineWeight);
        Assert.Equal((3, 4, 1, 8L), (sample.Persons, sample.Faces, sample.GenuinePersons, scores.ImpostorCount));
        Assert.Equal((1 + 1 + Math.Pow(2, 0.85)) / 3, sample.ComparisonsEach, 1e-12);
    }

    [Fact]
    public void ImpostorWeight_PersonsDrawnSeveralTimes_CountsTheirComparisons()
    {
        var persons = TestPersons.Draw(6, person => 1 + person, 1, seed: 1, dimension: 8);
        var sample = new CalibrationSample([.. persons.Select((photos, i) => Faces($"p{i}", photos))], ScoringRule.BestFace);
        var scores = sample.Compare(10_000, Token);
        int[] times = [2, 0, 1, 3, 0, 1];

        // Every comparison as often as its two persons are there together.
        var expected = scores.Impostors.Sum(score => (double)times[score.First] * times[score.Second]);

        Assert.Equal(expected, scores.ImpostorWeight(times), 1e-9);
        Assert.Equal(scores.ImpostorCount, scores.ImpostorWeight([1, 1, 1, 1, 1, 1]), 1e-9);
    }

    [Fact]
    public void Compare_MoreThanMayBe_TakesFewerFacesOfEach()
    {
        var persons = TestPersons.Draw(20, _ => 8, 1, seed: 2, dimension: 8);
        var sample = new CalibrationSample([.. persons.Select((photos, i) => Faces($"p{i}", photos))], ScoringRule.BestFace);

        Assert.Equal(20 * 19 * 8, sample.Compare(100_000, Token).ImpostorCount);
        Assert.Equal(20 * 19 * 2, sample.Compare(1000, Token).ImpostorCount);
        Assert.Equal(20 * 19, sample.Compare(1, Token).ImpostorCount);
    }

    // What a calibration promises: of strangers who search the gallery the asked share is named, whatever the photos of a person and their scoring.
    // 60 persons, 4,000 strangers; the interval allows for what 60 persons leave uncertain.
    [Theory]
    [InlineData(1, PersonScoring.BestFace)]
    [InlineData(3, PersonScoring.BestFace)]
    [InlineData(5, PersonScoring.BestFace)]
    [InlineData(5, PersonScoring.MeanOfBest)]
    [InlineData(5, PersonScoring.Centroid)]
    public async Task Calibrate_DrawnPersons_StrangersAreNamedAtTheAskedRate(int photos, PersonScoring kind)
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.Calibration = Table();
        await host.Client.UpdateGalleryAsync(new() { GalleryId = GalleryHost.Staff, Settings = new() { Scoring = (Protos.Gallery.V1.PersonScoring)kind } });
        var persons = TestPersons.Draw(60, _ => photos, Noise, seed: 11, Dimension, FakeFaceEncoder.Dimension);
        await host.StoreAsync([.. persons.SelectMany((faces, person) => faces.Select(face => ($"p{person}", face)))]);

        var run = await host.Client.CalibrateGalleryAsync(new() { GalleryId = GalleryHost.Staff });

        var rule = new ScoringRule(kind, GalleryRow.DefaultMeanOfBest);
        var enrolled = persons.Select((faces, i) => Faces($"p{i}", faces)).ToList();
        var strangers = TestPersons.Draw(4000, _ => 1, Noise, seed: 12, Dimension, FakeFaceEncoder.Dimension);
        var named = strangers.AsParallel().Count(stranger => enrolled.Any(faces => rule.Score(faces, stranger[0]).Similarity >= run.IdentifyThreshold.Value));
        Assert.Equal(Protos.Gallery.V1.ThresholdSource.GalleryCalibration, run.IdentifyThreshold.Source);
        Assert.Equal(0.01, run.IdentifyThreshold.FalsePositiveRate);
        Assert.InRange(named / 4000.0, 0.0025, 0.03);
    }

    private const int Dimension = 48;
    private const double Noise = 0.6;

    private static List<Inference.Models.CalibrationPoint> Table()
    {
        var faces = TestPersons.Draw(2000, _ => 1, Noise, seed: 13, Dimension);
        var sorted = Enumerable.Range(0, faces.Length)
            .SelectMany(i => Enumerable.Range(0, i).Select(j => System.Numerics.Tensors.TensorPrimitives.Dot<float>(faces[i][0], faces[j][0])))
            .OrderDescending()
            .ToArray();
        return [.. new[] { 1e-2, 1e-3, 1e-4, 1e-5 }.Select(rate => new Inference.Models.CalibrationPoint(rate, sorted[(int)(rate * sorted.Length)]))];
    }

    private static IReadOnlyList<FaceVector> Faces(string person, params float[][] embeddings) =>
        [.. embeddings.Select(values => new FaceVector(Guid.NewGuid(), person, values))];
}
