using FaceCloud.Onnx;
using FaceCloud.Trainer.Checkpoints;
using FaceCloud.Trainer.Export;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Tests.Support;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Checkpoints;

public sealed class ExportedEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("resnet-xs", WeightStorage.Full, 1e-4f)]
    [InlineData("resnet-p", WeightStorage.Full, 1e-4f)]
    [InlineData("resnet-p", WeightStorage.Half, 2e-2f)]
    public void Load_ExportedEncoder_ComputesTheSame(string name, WeightStorage storage, float tolerance)
    {
        using var network = Trained(name);
        Export(network, storage);

        using var loaded = ExportedEncoder.Load(_folder["encoder.onnx"]);

        Assert.InRange(Difference(network, loaded, Photos()), 0, tolerance);
    }

    [Fact]
    public void Settle_LoadedEncoder_ComputesTheSameAndTrainsOnTheSameScale()
    {
        using var network = Trained("resnet-xs");
        Export(network, WeightStorage.Full);
        using var loaded = ExportedEncoder.Load(_folder["encoder.onnx"]);
        var photos = Photos();
        using var guard = no_grad();
        var expected = loaded.call(photos);

        loaded.Settle([photos]);

        Assert.InRange((loaded.call(photos) - expected).abs().max().item<float>(), 0, 1e-3f);
        loaded.train();
        var trained = nn.functional.cosine_similarity(loaded.call(photos), expected, dim: 1);
        Assert.InRange(trained.min().item<float>(), 0.999f, 1.001f);
    }

    [Fact]
    public void Load_EightBits_NamesTheFloatFile()
    {
        using var network = Trained("resnet-xs");
        var ranges = ActivationRanges.Measure(network, [new float[112 * 112 * 3]]);
        File.WriteAllBytes(_folder["encoder.onnx"], OnnxExport.ToBytes(network, new EightBitForm(ranges)));

        var failure = Assert.Throws<TrainerException>(() => ExportedEncoder.Load(_folder["encoder.onnx"]));

        Assert.Contains("float file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NetworkOfAnotherOrigin_SaysWhatItIs()
    {
        var graph = new GraphBuilder("theirs");
        graph.Output("y", graph.Relu(graph.Input("x", 1)), 1);
        File.WriteAllBytes(_folder["encoder.onnx"], graph.ToBytes());

        var failure = Assert.Throws<TrainerException>(() => ExportedEncoder.Load(_folder["encoder.onnx"]));

        Assert.Contains("calls itself 'theirs'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnotherShapeUnderAKnownName_IsRefused()
    {
        var graph = new GraphBuilder("resnet-xs");
        graph.Output("y", graph.Relu(graph.Input("x", 1)), 1);
        File.WriteAllBytes(_folder["encoder.onnx"], graph.ToBytes());

        var failure = Assert.Throws<TrainerException>(() => ExportedEncoder.Load(_folder["encoder.onnx"]));

        Assert.Contains("built otherwise", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoOnnx_IsNamed()
    {
        File.WriteAllText(_folder["encoder.onnx"], "no model at all");

        var failure = Assert.Throws<TrainerException>(() => ExportedEncoder.Load(_folder["encoder.onnx"]));

        Assert.Contains("no ONNX file", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Tensor Photos() => (rand(6, 3, 112, 112) * 2) - 1;

    private static float Difference(EncoderNetwork one, EncoderNetwork other, Tensor photos)
    {
        using var guard = no_grad();
        return (one.call(photos) - other.call(photos)).abs().max().item<float>();
    }

    /// <summary>Normalisations as training leaves them: not 0 and 1.</summary>
    private static EncoderNetwork Trained(string name)
    {
        var network = new EncoderNetwork(EncoderArchitecture.Named(name));
        using var guard = no_grad();
        foreach (var unit in network.modules().OfType<ConvolutionUnit>())
        {
            unit.Scale.uniform_(0.5, 1);
            unit.Shift.uniform_(-0.5, 0.5);
            unit.Mean.uniform_(-0.2, 0.2);
            unit.Variance.uniform_(0.8, 1.5);
        }

        network.Offset.uniform_(-0.5, 0.5);
        network.eval();
        return network;
    }

    private void Export(EncoderNetwork network, WeightStorage storage) =>
        File.WriteAllBytes(_folder["encoder.onnx"], OnnxExport.ToBytes(network, storage: storage));
}
