using static TorchSharp.torch;

namespace FaceCloud.Trainer.Networks;

/// <summary>x + f(x), f = two 3×3 convolutions; the activation sits between them and the sum passes on untouched (He et al. 2016, "identity mappings").</summary>
public sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    public ResidualBlock(string name, int channels)
        : base(name)
    {
        First = new ConvolutionUnit("first", channels, channels, 1, activation: true);
        Second = new ConvolutionUnit("second", channels, channels, 1, activation: false);
        Second.ZeroScale();
        RegisterComponents();
    }

    public ConvolutionUnit First { get; }

    public ConvolutionUnit Second { get; }

    public override Tensor forward(Tensor input) => input + Second.call(First.call(input));
}
