using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>max(0, x + f(x)), f = two 3×3 convolutions (He et al. 2016).</summary>
public sealed class RectifiedBlock : nn.Module<Tensor, Tensor>
{
    public RectifiedBlock(string name, int channels)
        : base(name)
    {
        First = new RectifiedUnit("first", channels, channels, 1);
        Second = new ConvolutionUnit("second", channels, channels, 1, activation: false);
        Second.ZeroScale();
        RegisterComponents();
    }

    public RectifiedUnit First { get; }

    public ConvolutionUnit Second { get; }

    public override Tensor forward(Tensor input) => nn.functional.relu(input + Second.call(First.call(input)));
}
