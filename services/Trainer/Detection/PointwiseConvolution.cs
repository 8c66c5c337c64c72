using FaceCloud.Trainer.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>A 1×1 convolution with an offset, in the arithmetic of its input.</summary>
public sealed class PointwiseConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _offset;

    public PointwiseConvolution(string name, int inputs, int outputs)
        : base(name)
    {
        _weight = nn.Parameter(randn(outputs, inputs, 1, 1) * Number.Of(Math.Sqrt(1.0 / inputs)));
        _offset = nn.Parameter(zeros(outputs));
        register_parameter("weight", _weight);
        register_parameter("offset", _offset);
    }

    public Tensor Weight => _weight;

    public Tensor Offset => _offset;

    public override Tensor forward(Tensor input) => nn.functional.conv2d(input, _weight.to(input.dtype), _offset.to(input.dtype));
}
