using System.Text.Json.Nodes;
using FaceCloud.Inference.Models;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Models;

public sealed class VerifierHeadTests : IDisposable
{
    private const string Ones = "AACAvwAAgL8=";

    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData(VerifierHeadKind.AbsoluteDifference, 0.2, 1.4, 0, 0.5)]
    [InlineData(VerifierHeadKind.SquaredDifference, 0.04, 1.96, 0, 0.25)]
    // 0.2² / 1.4, (0.6 + 0.8)² / 1.4 across zero, 0 / 0, and 0.5² / 0.5 from zero.
    [InlineData(VerifierHeadKind.ChiSquared, 0.04 / 1.4, 1.4, 0, 0.5)]
    public void Write_FourPairsOfNumbers_AsByHand(VerifierHeadKind kind, double first, double second, double third, double fourth)
    {
        var features = new double[4];

        PairFeatures.Write(kind, [0.8f, 0.6f, 0, 0], [0.6f, -0.8f, 0, 0.5f], features);

        Assert.Equal([first, second, third, fourth], features.Select(f => Math.Round(f, 6)).Zip([first, second, third, fourth], (f, e) => Math.Abs(f - e) < 1e-6 ? e : f));
    }

    [Fact]
    public void Write_Cosine_IsOneNumber()
    {
        var features = new double[1];

        PairFeatures.Write(VerifierHeadKind.Cosine, [0.8f, 0.6f], [0.6f, -0.8f], features);

        Assert.Equal(0, features[0], 1e-7);
    }

    [Theory]
    [InlineData(VerifierHeadKind.Cosine, 2)]
    [InlineData(VerifierHeadKind.ChiSquared, 1)]
    public void Write_RoomForAnotherNumber_Refused(VerifierHeadKind kind, int room) =>
        Assert.Throws<ArgumentException>(() => PairFeatures.Write(kind, [0.8f, 0.6f], [0.6f, -0.8f], new double[room]));

    [Fact]
    public void Probability_HandMadeHead_AsByHand()
    {
        var head = Head(VerifierHeadKind.SquaredDifference, [-2, -1], bias: 3);

        var probability = head.Probability([1, 0], [0, 1]);

        // 3 − 2·1 − 1·1 = 0.
        Assert.Equal(0.5, probability, 1e-12);
        Assert.Equal(1 / (1 + Math.Exp(-3)), head.Probability([1, 0], [1, 0]), 1e-12);
    }

    [Theory]
    [InlineData(VerifierHeadKind.AbsoluteDifference)]
    [InlineData(VerifierHeadKind.SquaredDifference)]
    [InlineData(VerifierHeadKind.ChiSquared)]
    public void Probability_OneNumberMovesAway_NeverRises(VerifierHeadKind kind)
    {
        var head = Head(kind, [-1.5f, 0], bias: 1);
        var last = 1.0;

        for (var away = 0; away <= 200; away++)
        {
            var probability = head.Probability([0.5f, 0.1f], [0.5f - (away / 100f), 0.1f]);
            Assert.InRange(probability, 0, last);
            last = probability;
        }

        Assert.True(last < 0.5);
    }

    [Fact]
    public void Probability_Nan_IsNan() => Assert.True(double.IsNaN(Head(VerifierHeadKind.Cosine, [5], 0).Probability([float.NaN, 0], [1, 0])));

    [Fact]
    public void Load_HeadThatWasWritten_IsTheSameAndBoundToItsContract()
    {
        var model = TestModels.Shared.Manifest.Models[1];
        var weights = Enumerable.Range(0, TestModels.Dimension).Select(i => -i / 7f).ToArray();
        var contract = new ModelDescription(model, "").EmbeddingContract;
        var head = Head(VerifierHeadKind.ChiSquared, weights, bias: 4.25) with { EmbeddingContract = contract };
        File.WriteAllText(_path, (TestModels.Shared.Manifest with { Models = [model with { Head = head }] }).ToJson());

        var read = ModelManifest.Load(_path).Models[0];

        Assert.Equal(weights, read.Head!.Weights);
        Assert.Equal((head.Kind, head.Bias, head.Prior, head.Source), (read.Head.Kind, read.Head.Bias, read.Head.Prior, read.Head.Source));
        Assert.NotNull(new ModelDescription(read, "").Head);
        Assert.Null(new ModelDescription(read with { Mirror = true }, "").Head);
        Assert.Null(new ModelDescription(read with { Sha256 = new string('a', 64) }, "").Head);
    }

    [Theory]
    [InlineData("kind", "\"nearest\"", "kind")]
    [InlineData("kind", "\"chiSquared\"", "64 finite")]
    [InlineData("weights", "\"AACAv\"", "base64")]
    [InlineData("weights", "[1]", "base64")]
    [InlineData("weights", "\"" + Ones + "\"", "1 finite")]
    [InlineData("weights", "\"AADAfw==\"", "1 finite")]
    [InlineData("weights", "\"AACAvw==\"", "above 0")]
    [InlineData("bias", "1e999", "bias")]
    [InlineData("prior", "1", "prior")]
    [InlineData("prior", "0", "prior")]
    [InlineData("embeddingContract", "\" \"", "embeddingContract")]
    [InlineData("source", "\"\"", "source")]
    [InlineData("slope", "1", "slope")]
    public void Load_WrongHead_SaysWhat(string field, string value, string said)
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        json["models"]![1]!["head"] = JsonNode.Parse(
            """{ "kind": "cosine", "embeddingContract": "test-encoder:0", "weights": "AACAPw==", "bias": 0, "prior": 0.5, "source": "by hand" }""");
        json["models"]![1]!["head"]![field] = JsonNode.Parse(value);
        File.WriteAllText(_path, json.ToJsonString());

        var failure = Assert.Throws<ModelException>(() => ModelManifest.Load(_path));

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HeadOfADetector_Refused()
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        json["models"]![0]!["head"] = JsonNode.Parse(
            """{ "kind": "cosine", "embeddingContract": "test-encoder:0", "weights": "AACAPw==", "bias": 0, "prior": 0.5, "source": "by hand" }""");
        File.WriteAllText(_path, json.ToJsonString());

        Assert.Contains("head", Assert.Throws<ModelException>(() => ModelManifest.Load(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.25, 0.35, true)]
    [InlineData(0.31, 0.35, false)]
    [InlineData(0.25, 0.29, false)]
    public void Load_IntervalOfAThreshold_MustHoldIt(double low, double high, bool right)
    {
        var model = TestModels.Shared.Manifest.Models[1];
        var calibration = new Calibration("by hand", [new(1e-2, 0.3f) { Interval = new(low, high), TrueAcceptRate = 0.9, TrueAcceptInterval = new(0.8, 0.95) }, new(1e-3, 0.4f)])
        {
            Persons = 7,
            GenuinePairs = 20,
            ImpostorPairs = 5_000_000_000,
        };
        File.WriteAllText(_path, (TestModels.Shared.Manifest with { Models = [model with { Calibration = calibration }] }).ToJson());

        if (right)
        {
            var read = ModelManifest.Load(_path).Models[0].Calibration!;
            Assert.Equal(calibration.Points, read.Points);
            Assert.Equal((7, 20L, 5_000_000_000L), (read.Persons, read.GenuinePairs, read.ImpostorPairs));
        }
        else
        {
            Assert.Contains("interval", Assert.Throws<ModelException>(() => ModelManifest.Load(_path)).Message, StringComparison.Ordinal);
        }
    }

    public void Dispose() => File.Delete(_path);

    private static VerifierHead Head(VerifierHeadKind kind, float[] weights, double bias) => new()
    {
        Kind = kind,
        EmbeddingContract = "by hand",
        Weights = weights,
        Bias = bias,
        Prior = 0.5,
        Source = "by hand",
    };
}
