using FaceCloud.Trainer.Export;
using FaceCloud.Trainer.Networks;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Export;

public sealed class OnnxExportTests
{
    [Fact]
    public void ToBytes_TrainedLookingNetwork_EqualsTorchTo1e4()
    {
        using var network = Network(EncoderArchitecture.Named("resnet-xs"));

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
    [InlineData("resnet-s")]
    [InlineData("resnet-xs")]
    public void ToBytes_KnownNetworks_StayUnderSixMegabytes(string name)
    {
        using var network = new EncoderNetwork(EncoderArchitecture.Named(name));

        Assert.InRange(OnnxExport.ToBytes(network).Length, 1, 6_000_000);
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

        network.Window!.uniform_(0, 0.04);
        network.Offset.uniform_(-1, 1);
        network.eval();
        return network;
    }
}
