using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>A <see cref="ConvolutionUnit"/> and max(0, x), which ONNX Runtime does in one go with the convolution.</summary>
public sealed class RectifiedUnit : nn.Module<Tensor, Tensor>
{
    public RectifiedUnit(string name, int inputs, int outputs, int stride)
        : base(name)
    {
        Unit = new ConvolutionUnit("unit", inputs, outputs, stride, activation: false);
        RegisterComponents();
    }

    public ConvolutionUnit Unit { get; }

    public override Tensor forward(Tensor input) => nn.functional.relu(Unit.call(input));
}
