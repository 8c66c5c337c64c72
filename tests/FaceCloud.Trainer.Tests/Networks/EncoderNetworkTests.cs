using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Networks;

public sealed class EncoderNetworkTests
{
    [Fact]
    public void Forward_SmallerPhotos_WeightsTheSmallerMapWithTheSameSum()
    {
        // One stage on 8 pixels: maps of 2×2, and of 1×1 for photos of 4.
        using var network = new EncoderNetwork(new EncoderArchitecture("tiny", 8, 2, [new(3, 0)], 3));
        using var guard = no_grad();
        network.eval();
        foreach (var unit in network.modules().OfType<ConvolutionUnit>())
        {
            // Only the middle tap: a flat photo then gives flat maps, whatever its size.
            unit.Weight.zero_();
            unit.Weight[.., .., 1, 1] = tensor(0.5f);
        }

        network.Window!.copy_(tensor(new[] { 0.1f, 0.2f, 0.3f, 0.4f }).reshape(1, 2, 2).expand(3, 2, 2));

        var full = network.call(full_like(zeros(1, 3, 8, 8), 0.7));
        var small = network.call(full_like(zeros(1, 3, 4, 4), 0.7));

        Assert.Equal(full.data<float>().ToArray(), small.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.True(full.abs().sum().item<float>() > 0.01);
    }

    [Fact]
    public void ResidualBlock_New_IsTheIdentity()
    {
        using var block = new ResidualBlock("block", 4);
        var input = randn(2, 4, 5, 5);

        block.train();

        Assert.Equal(input.data<float>().ToArray(), block.call(input).data<float>().ToArray());
    }

    [Fact]
    public void UseBfloat16_Network_GivesNearlyTheSame()
    {
        using var network = new EncoderNetwork(EncoderArchitecture.Named("resnet-xs"));
        using var guard = no_grad();
        network.eval();
        var photo = rand(1, 3, 112, 112);
        var exact = nn.functional.normalize(network.call(photo), dim: 1);

        network.UseBfloat16(true);
        var rounded = nn.functional.normalize(network.call(photo), dim: 1);

        Assert.Equal(ScalarType.Float32, rounded.dtype);
        Assert.InRange((exact * rounded).sum().item<float>(), 0.99f, 1.001f);
    }

    [Fact]
    public void Named_Unknown_NamesTheKnownOnes()
    {
        var failure = Assert.Throws<TrainerException>(() => EncoderArchitecture.Named("alexnet"));

        Assert.Contains("resnet-s", failure.Message, StringComparison.Ordinal);
    }
}
