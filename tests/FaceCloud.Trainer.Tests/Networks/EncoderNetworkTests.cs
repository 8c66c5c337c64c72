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

    [Fact]
    public void Forward_PlacesHead_ProjectsEveryPlaceByItself()
    {
        using var network = Flat(new("tiny", 8, 2, [new(3, 0)], 2, EncoderHead.Places));
        using var guard = no_grad();
        network.Projection.zero_();
        network.Projection[0, 1, 0, 1] = tensor(8f);
        network.Offset.copy_(tensor(new[] { 0.5f, -0.25f }));

        var embedding = network.call(full_like(zeros(1, 3, 8, 8), 0.7)).data<float>().ToArray();
        var place = LastMap(network, 0.7);

        Assert.Equal([0.5f + (8f / 4 * place), -0.25f], embedding, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void StartFrom_GrownNetwork_ComputesTheSame()
    {
        using var small = Random(new("small", 32, 4, [new(6, 1), new(8, 1)], 5));
        using var grown = Random(new("grown", 32, 4, [new(6, 1), new(8, 3)], 5, EncoderHead.Places));
        using var guard = no_grad();
        var photos = rand(2, 3, 32, 32);

        var anew = grown.StartFrom(small);

        Assert.Equal(["block11", "block12"], anew);
        foreach (var name in anew)
        {
            // Random() gave the new blocks something to say; as built they are the identity.
            grown.Body.OfType<ResidualBlock>().Single(b => b.GetName() == name).Second.ZeroScale();
            grown.Body.OfType<ResidualBlock>().Single(b => b.GetName() == name).Second.Shift.zero_();
        }

        Assert.Equal(small.call(photos).data<float>().ToArray(), grown.call(photos).data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void StartFrom_OtherDimension_KeepsItsOwnHead()
    {
        using var teacher = Random(new("small", 32, 4, [new(6, 1)], 5));
        using var network = Random(new("small", 32, 4, [new(6, 1)], 7));
        var before = network.Projection.data<float>().ToArray();

        var anew = network.StartFrom(teacher);

        Assert.Equal(["head"], anew);
        Assert.Equal(before, network.Projection.data<float>().ToArray());
    }

    /// <summary>Only the middle taps: a flat photo gives flat maps.</summary>
    private static EncoderNetwork Flat(EncoderArchitecture architecture)
    {
        var network = new EncoderNetwork(architecture);
        using var guard = no_grad();
        network.eval();
        foreach (var unit in network.modules().OfType<ConvolutionUnit>())
        {
            unit.Weight.zero_();
            unit.Weight[.., .., 1, 1] = tensor(0.5f);
        }

        return network;
    }

    /// <summary>The value that every place of the last map has.</summary>
    private static float LastMap(EncoderNetwork network, double flat)
    {
        using var guard = no_grad();
        var x = full_like(zeros(1, 3, 8, 8), flat);
        foreach (var part in network.Body)
        {
            x = part.call(x);
        }

        return x[0, 1, 0, 1].item<float>();
    }

    private static EncoderNetwork Random(EncoderArchitecture architecture)
    {
        var network = new EncoderNetwork(architecture);
        using var guard = no_grad();
        foreach (var unit in network.modules().OfType<ConvolutionUnit>())
        {
            unit.Mean.uniform_(-0.5, 0.5);
            unit.Variance.uniform_(0.5, 2);
            unit.Scale.uniform_(0.5, 1.5);
            unit.Shift.uniform_(-0.5, 0.5);
        }

        network.Window?.uniform_(0, 0.04);
        network.Offset.uniform_(-1, 1);
        network.eval();
        return network;
    }
}
