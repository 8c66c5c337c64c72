using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests.Scoring;

public sealed class ScoringRuleTests
{
    public static TheoryData<PersonScoring> Kinds => new(Enum.GetValues<PersonScoring>());

    private static ScoringRule Mean(int best) => new(PersonScoring.MeanOfBest, best);

    private static ScoringRule Centroid => new(PersonScoring.Centroid, 0);

    [Fact]
    public void Score_ThreeFaces_AsByHand()
    {
        var faces = Faces([1, 0, 0], [0, 1, 0], [0, -1, 0]);
        float[] probe = [0.8f, 0.6f, 0];

        var best = ScoringRule.BestFace.Score(faces, probe);
        var mean = Mean(2).Score(faces, probe);
        var centroid = Centroid.Score(faces, probe);

        // Similarities 0.8, 0.6, -0.6; the mean of the faces points along the first axis.
        Assert.Equal((0.8f, faces[0]), (best.Similarity, best.BestFace));
        Assert.Equal(0.7f, mean.Similarity, 1e-6f);
        Assert.Equal(0.8f, centroid.Similarity, 1e-6f);
        Assert.Equal(faces[0], mean.BestFace);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Score_OneFace_IsItsCosine(PersonScoring kind)
    {
        var score = new ScoringRule(kind, 3).Score(Faces([0.6f, 0.8f]), [1, 0]);

        Assert.Equal(0.6f, score.Similarity, 1e-6f);
    }

    [Fact]
    public void Score_FewerFacesThanTheMeanTakes_AreAllTaken()
    {
        Assert.Equal(0.5f, Mean(5).Score(Faces([1, 0], [0, 1]), [1, 0]).Similarity, 1e-6f);
    }

    [Fact]
    public void Score_FacesThatCancelOut_NameNobody()
    {
        // Their mean has no direction: whatever rounding leaves of it must not be blown up to a match.
        var score = Centroid.Score(Faces([1, 0], [-1, 1e-4f]), [0, 1]);

        Assert.InRange(score.Similarity, -0.1f, 0.1f);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Highest_AnyPerson_IsNeverExceeded(PersonScoring kind)
    {
        var rule = new ScoringRule(kind, 3);
        var random = new Random(1);
        var probes = TestPersons.Draw(20, _ => 1, 1, seed: 2, dimension: 6);
        for (var round = 0; round < 2000; round++)
        {
            // From persons who look alike in all photos to photos of anybody.
            var faces = Faces(TestPersons.Draw(1, _ => 1 + random.Next(6), random.NextDouble() * 4, seed: round, dimension: 6)[0]);
            var probe = probes[round % 20][0];
            var score = rule.Score(faces, probe);
            var best = ScoringRule.BestFace.Score(faces, probe).Similarity;

            Assert.InRange(score.Similarity, -1, rule.Highest(best, ScoringRule.Length(faces.Select(face => face.Embedding))) + 1e-5f);
            Assert.InRange(score.Similarity, -1, rule.Highest(best, leastLength: 0.01f) + 1e-5f);
        }
    }

    // Measured: decision 7.
    [Fact]
    public void Comparisons_MoreFaces_CountMoreButLessThanSoManyPersons()
    {
        Assert.Equal([1, 1, 2.54, 3.93], new[] { 0.0, 1, 3, 5 }.Select(faces => Math.Round(ScoringRule.BestFace.Comparisons(faces), 2)));
        Assert.Equal([1, 1, 1, 1.8], new[] { 0.0, 1, 2, 4 }.Select(faces => Math.Round(Mean(2).Comparisons(faces), 2)));
        Assert.Equal([1, 1.41, 2], new[] { 1.0, 2, 4 }.Select(faces => Math.Round(Centroid.Comparisons(faces), 2)));
    }

    private static List<FaceVector> Faces(params float[][] embeddings) => [.. embeddings.Select((values, i) => new FaceVector(new Guid(i + 1, 0, 0, new byte[8]), "ada", values))];
}
