using FaceCloud.Onnx;
using FaceCloud.Trainer.Export;
using FaceCloud.Trainer.Networks;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Export;

public sealed class OnnxExportTests
{
    [Theory]
    [InlineData("resnet-xs")]
    [InlineData("resnet-p")]
    public void ToBytes_TrainedLookingNetwork_EqualsTorchTo1e4(string name)
    {
        using var network = Network(EncoderArchitecture.Named(name));

        var model = OnnxExport.ToBytes(network);

        Assert.InRange(OnnxCheck.LargestDifference(network, model), 0, OnnxCheck.Tolerance);
    }

    [Fact]
    public void LargestDifference_AnotherNetwork_IsLarge()
    {
        using var network = Network(EncoderArchitecture.Named("resnet-xs"));
        using var other = Network(EncoderArchitecture.Named("resnet-xs"));

        var difference = OnnxCheck.LargestDifference(network, OnnxExport.ToBytes(other));

        Assert.True(difference > 100 * OnnxCheck.Tolerance, $"{difference}");
    }

    [Fact]
    public void ToBytes_Model_HasOpenBatchAndNamedEnds()
    {
        using var network = Network(EncoderArchitecture.Named("resnet-xs"));

        using var session = new InferenceSession(OnnxExport.ToBytes(network, new Dictionary<string, string> { ["step"] = "12" }));

        Assert.Equal([-1, 3, 112, 112], session.InputMetadata["input"].Dimensions);
        Assert.Equal([-1, 128], session.OutputMetadata["embedding"].Dimensions);
        Assert.Equal("12", session.ModelMetadata.CustomMetadataMap["step"]);
    }

    [Theory]
    [InlineData("resnet-s", WeightStorage.Full)]
    [InlineData("resnet-xs", WeightStorage.Full)]
    [InlineData("resnet-p", WeightStorage.Half)]
    public void ToBytes_KnownNetworks_StayUnderSixMegabytes(string name, WeightStorage storage)
    {
        using var network = new EncoderNetwork(EncoderArchitecture.Named(name));

        Assert.InRange(OnnxExport.ToBytes(network, storage: storage).Length, 1, 6_000_000);
    }

    [Fact]
    public void ToBytes_HalfWeights_HalveTheFileAndKeepTheEmbedding()
    {
        using var network = Network(EncoderArchitecture.Named("resnet-xs"));

        var (full, half) = (OnnxExport.ToBytes(network), OnnxExport.ToBytes(network, storage: WeightStorage.Half));

        Assert.InRange(half.Length, full.Length * 0.49, full.Length * 0.52);
        Assert.InRange(OnnxCheck.LowestCosine(full, half, 112), 0.9999f, 1.0001f);
    }

    [Fact]
    public void ToBytes_EightBits_KeepTheEmbeddingOfPhotosAndShrinkTheFile()
    {
        using var network = Network(EncoderArchitecture.Named("resnet-xs"));
        var photos = Enumerable.Range(0, 8).Select(Photo).ToArray();
        var ranges = ActivationRanges.Measure(network, photos);

        var (full, eight) = (OnnxExport.ToBytes(network), OnnxExport.ToBytes(network, new EightBitForm(ranges)));

        Assert.InRange(eight.Length, 1, full.Length * 0.35);
        Assert.InRange(OnnxCheck.LowestCosine(full, eight, 112), 0.997f, 1.0001f);
    }

    // Pixels that nobody scaled to -1..1 are the likely mistake. The right ranges give 0.9997 and more on networks like this one, these
    // 0.39 to 0.86; those of a black photo came to 0.94 to 0.993, which is wrong too, but a matter of the network that was drawn.
    [Fact]
    public void ToBytes_EightBitsWithRangesOfUnscaledPhotos_ShowInTheCheck()
    {
        using var network = Network(EncoderArchitecture.Named("resnet-xs"));
        var unscaled = Enumerable.Range(0, 4).Select(seed => Photo(seed).Select(value => value * 127.5f).ToArray()).ToArray();
        var ranges = ActivationRanges.Measure(network, unscaled);

        var cosine = OnnxCheck.LowestCosine(OnnxExport.ToBytes(network), OnnxExport.ToBytes(network, new EightBitForm(ranges)), 112);

        Assert.True(cosine < 0.99f, $"{cosine}");
    }

    [Fact]
    public void Measure_FirstConvolution_SeesThePhotosRange()
    {
        using var network = Network(EncoderArchitecture.Named("resnet-xs"));
        var photo = new float[112 * 112 * 3];
        Array.Fill(photo, 0.5f);
        photo.AsSpan(0, photo.Length / 2).Fill(-0.25f);

        var range = ActivationRanges.Measure(network, [photo])[ActivationRanges.Before(0)];

        Assert.Equal(new ActivationRange(-0.25f, 0.5f), range);
        Assert.Equal(0.75f / 255, range.Scale, 6);
        Assert.Equal(85, range.Zero);
    }

    private static float[] Photo(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 112 * 112 * 3).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    /// <summary>Statistics and scales away from 0 and 1: a batch normalisation that is folded wrongly then shows.</summary>
    private static EncoderNetwork Network(EncoderArchitecture architecture)
    {
        var network = new EncoderNetwork(architecture);
        using var guard = no_grad();
        foreach (var unit in network.modules().OfType<ConvolutionUnit>())
        {
            unit.Mean.uniform_(-0.5, 0.5);
            unit.Variance.uniform_(0.5, 2);
            unit.Scale.uniform_(0.5, 1.5);
            unit.Shift.uniform_(-0.5, 0.5);
            unit.Slope?.uniform_(0, 0.5);
        }

        network.Window?.uniform_(0, 0.04);
        network.Offset.uniform_(-1, 1);
        network.eval();
        return network;
    }
}
