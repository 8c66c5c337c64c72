using FaceCloud.Gallery.Calibration;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;

namespace FaceCloud.Gallery.Tests.Calibration;

public sealed class FittedHeadTests
{
    [Fact]
    public void Of_ManyPersons_ProbabilitiesAgreeWithOtherPersons()
    {
        var head = FittedHead.Of(Sample(80, 4, seed: 1), Model(null), seed: 1).Head;

        Assert.NotNull(head);
        Assert.Equal((VerifierHeadKind.Cosine, TestFaces.Contract, 0.5), (head.Kind, head.EmbeddingContract, head.Prior));
        var others = TestPersons.Draw(80, _ => 4, Noise, seed: 2);
        var genuine = others.SelectMany(faces => faces.Skip(1).Select(face => head.Probability(faces[0], face))).ToList();
        var impostors = others.SelectMany((faces, i) => others.Skip(i + 1).Select(other => head.Probability(faces[0], other[0]))).ToList();
        Assert.InRange(genuine.Average(), 0.85, 1);
        Assert.InRange(impostors.Average(), 0, 0.15);
    }

    [Fact]
    public void Of_FewPersonsWithSeveralFaces_SaysWhatIsMissing()
    {
        var fitted = FittedHead.Of(Sample(19, 4, seed: 1), Model(null), seed: 1);

        Assert.Null(fitted.Head);
        Assert.Contains("20 persons", fitted.Note, StringComparison.Ordinal);
        Assert.Contains("19", fitted.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OneFaceAPerson_SaysSo()
    {
        var fitted = FittedHead.Of(Sample(80, 1, seed: 1), Model(null), seed: 1);

        Assert.Null(fitted.Head);
        Assert.Contains("two faces", fitted.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ModelWhoseHeadIsWrongHere_FitsItsOwn()
    {
        var wrong = Head(1, -9);

        var fitted = FittedHead.Of(Sample(80, 4, seed: 1), Model(wrong), seed: 1);

        Assert.NotNull(fitted.Head);
        Assert.Contains("the model's head", fitted.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ModelWhoseHeadFits_KeepsTheModels()
    {
        var good = FittedHead.Of(Sample(2000, 4, seed: 5), Model(null), seed: 1).Head!;

        var fitted = FittedHead.Of(Sample(24, 2, seed: 1), Model(good), seed: 1);

        Assert.Null(fitted.Head);
        Assert.Contains("the model's", fitted.Note, StringComparison.Ordinal);
    }

    // A head that looks at every number, right but for its scale.
    [Fact]
    public void Of_ModelsHeadOfDifferencesWithTheWrongScale_IsRescaled()
    {
        var weights = Enumerable.Repeat(-200f, 64).ToArray();
        var model = Head(1, 3) with { Kind = VerifierHeadKind.SquaredDifference, Weights = weights };

        var fitted = FittedHead.Of(Sample(80, 4, seed: 1), Model(model), seed: 1);

        Assert.NotNull(fitted.Head);
        Assert.True(fitted.Head.Kind is VerifierHeadKind.SquaredDifference or VerifierHeadKind.Cosine);
        Assert.Contains("log loss", fitted.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_PersonsUnlikeThemselves_FitsNone()
    {
        var persons = Enumerable.Range(0, 40).Select(i => new[] { new float[] { 1, 0 }, [-1, 0] }).ToArray();

        var fitted = FittedHead.Of(Sample(persons), Model(null), seed: 1);

        Assert.Null(fitted.Head);
        Assert.Contains("no more alike", fitted.Note, StringComparison.Ordinal);
    }

    private const double Noise = 0.6;

    private static CalibrationSample Sample(int persons, int photos, int seed) => Sample(TestPersons.Draw(persons, _ => photos, Noise, seed));

    private static CalibrationSample Sample(float[][][] persons) =>
        new([.. persons.Select((faces, i) => (IReadOnlyList<FaceVector>)[.. faces.Select(face => new FaceVector(Guid.NewGuid(), $"p{i}", face))])], ScoringRule.BestFace);

    private static VerifierHead Head(float weight, double bias) => new()
    {
        Kind = VerifierHeadKind.Cosine,
        EmbeddingContract = TestFaces.Contract,
        Weights = [weight],
        Bias = bias,
        Prior = 0.5,
        Source = "test",
    };

    private static EncoderModel Model(VerifierHead? head) => new()
    {
        Name = "test",
        EmbeddingContract = TestFaces.Contract,
        Dimension = 64,
        Sha256 = new string('0', 64),
        ExecutionProvider = "cpu",
        Licence = "none",
        Calibration = [],
        Head = head,
    };
}
