using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Calibration;

public sealed class PairScoresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void All_ThreePersons_EveryPairOnce()
    {
        var faces = MadePersons.Of([0, 0, 0, 1, 1, 2], [[1, 0], [0.8f, 0.6f], [0.6f, 0.8f], [0, 1], [-0.6f, 0.8f], [-1, 0]]);

        var scores = PairScores.All(faces, null, CancellationToken.None);

        Assert.Equal((4, 11L), (scores.Genuine.Count, scores.ImpostorPairs));
        Assert.Equal([0.96f, 0.8f, 0.8f, 0.6f], scores.Genuine.Select(pair => MathF.Round(pair.Similarity, 5)));
        Assert.Equal([1 / 3.0, 1 / 3.0, 1 / 3.0, 1], scores.GenuineWeight.Order());
        Assert.Equal(0.8f, scores.Impostors[0].Similarity, 1e-5f);
        Assert.Equal([3, 2, 1], scores.PhotosOf);
    }

    [Fact]
    public void ImpostorWeight_PersonsDrawnTwice_AsCounted()
    {
        var scores = PairScores.All(MadePersons.Draw(5, 3, _ => 0.3), null, CancellationToken.None);

        Assert.Equal(90, scores.ImpostorWeight([1, 1, 1, 1, 1]));
        // 2·2 times person 0 with 2, 2·1 each with 1 more: 9 pairs of photos for each pair of persons.
        Assert.Equal(9 * ((2 * 2) + (2 * 1) + (2 * 1)), scores.ImpostorWeight([2, 0, 2, 1, 0]));
        Assert.Equal(0, scores.ImpostorWeight([5, 0, 0, 0, 0]));
    }

    [Fact]
    public void All_WithoutSuspects_LeavesTheirPairsOut()
    {
        var faces = MadePersons.Draw(4, 2, _ => 0.3);
        File.WriteAllText(_folder["suspects.csv"], "kind,a,b,cos\nsame person?,p1,p3,0.7\nmislabelled?,photo0,p0,0.1\n");
        var suspects = new SuspectedLabels(_folder.Path, new EmptySource());

        var scores = PairScores.All(faces, suspects, CancellationToken.None);

        Assert.Equal(24 - 4, scores.ImpostorPairs);
        Assert.DoesNotContain(scores.Impostors, pair => scores.Person(pair.First) == 1 && scores.Person(pair.Second) == 3);
        // Four pairs of photos for each pair of persons: 0-1, 0-2, 0-3, 1-2, 2-3, but not 1-3.
        Assert.Equal(4 * ((2 * 1) + (2 * 1) + (2 * 3) + (1 * 1) + (1 * 3)), scores.ImpostorWeight([2, 1, 1, 3]));
        Assert.True(suspects.Doubts("photo0"));
        Assert.False(suspects.Doubts("photo1"));
    }

    [Fact]
    public void Listed_PairsOfAList_OnlyThese()
    {
        var faces = MadePersons.Draw(3, 2, _ => 0.3);

        var scores = PairScores.Listed(faces, [(0, 1), (0, 2), (2, 4), (0, 99)], null);

        Assert.Equal((1, 2L), (scores.Genuine.Count, scores.ImpostorPairs));
        Assert.Equal(3, scores.ImpostorWeight([1, 1, 2]));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(5, 1)]
    public void All_NoGenuineOrNoImpostorPair_SaysSo(int persons, int photos)
    {
        var failure = Assert.Throws<TrainerException>(() => PairScores.All(MadePersons.Draw(persons, photos, _ => 0.3), null, CancellationToken.None));

        Assert.Contains("nothing to measure on", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--everyone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScoreCurve_FewScores_AsByHand()
    {
        var (genuine, impostors) = (new ScoreHistogram(), new ScoreHistogram());
        foreach (var similarity in new[] { 0.9f, 0.7f, 0.5f, 0.1f })
        {
            genuine.Add(similarity, 1);
        }

        foreach (var similarity in new[] { 0.6f, 0.3f, 0.2f, 0.0f })
        {
            impostors.Add(similarity, 1);
        }

        var curve = new ScoreCurve(genuine, impostors);

        // Genuine above impostor: 4 + 4 + 3 + 1 of 16; at 0.4 one of four goes wrong on both sides.
        Assert.Equal(12 / 16.0, curve.AreaUnderCurve, 1e-9);
        Assert.Equal(0.25, curve.EqualErrorRate, 1e-9);
        Assert.Contains("0.600,0.25,0.5\n", curve.ToCsv(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
