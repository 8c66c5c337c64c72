using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Networks;

/// <summary>
/// A 3×3 convolution without bias, then batch normalisation, then (optionally) PReLU with one slope a channel. Weights stay float32;
/// with <see cref="Bfloat16"/> the arithmetic of the convolution runs in bfloat16 and gradients come back in float32.
/// </summary>
public sealed class ConvolutionUnit : nn.Module<Tensor, Tensor>
{
    public const double Epsilon = 1e-5;
    private const double Momentum = 0.1;

    private readonly Parameter _weight;
    private readonly Parameter _scale;
    private readonly Parameter _shift;
    private readonly Parameter? _slope;
    private readonly Tensor _mean;
    private readonly Tensor _variance;

    public ConvolutionUnit(string name, int inputs, int outputs, int stride, bool activation)
        : base(name)
    {
        Inputs = inputs;
        Outputs = outputs;
        Stride = stride;
        _weight = nn.Parameter(randn(outputs, inputs, 3, 3) * Math.Sqrt(2.0 / (inputs * 9)));
        _scale = nn.Parameter(ones(outputs));
        _shift = nn.Parameter(zeros(outputs));
        _slope = activation ? nn.Parameter(full(outputs, 0.25f)) : null;
        _mean = zeros(outputs);
        _variance = ones(outputs);
        register_parameter("weight", _weight);
        register_parameter("scale", _scale);
        register_parameter("shift", _shift);
        if (_slope is not null)
        {
            register_parameter("slope", _slope);
        }

        register_buffer("mean", _mean);
        register_buffer("variance", _variance);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public int Stride { get; }

    public bool Bfloat16 { get; set; }

    public Tensor Weight => _weight;

    public Tensor Scale => _scale;

    public Tensor Shift => _shift;

    public Tensor? Slope => _slope;

    public Tensor Mean => _mean;

    public Tensor Variance => _variance;

    /// <summary>Starts a residual branch at zero: the block is the identity at first, which trains faster.</summary>
    public void ZeroScale()
    {
        using var guard = no_grad();
        _scale.zero_();
    }

    public override Tensor forward(Tensor input)
    {
        var type = Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var x = nn.functional.conv2d(input.to(type), _weight.to(type), null, [Stride, Stride], [1, 1]);
        x = nn.functional.batch_norm(x, _mean, _variance, _scale, _shift, training, Momentum, Epsilon);
        return _slope is null ? x : nn.functional.prelu(x, _slope.to(type));
    }
}
