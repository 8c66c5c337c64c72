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
        _weight = nn.Parameter(randn(outputs, inputs, 3, 3) * Number.Of(Math.Sqrt(2.0 / (inputs * 9))));
        _scale = nn.Parameter(ones(outputs));
        _shift = nn.Parameter(zeros(outputs));
        _slope = activation ? nn.Parameter(full(outputs, Number.Of(0.25f))) : null;
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

    /// <summary>Where the values before normalisation are counted, while they are.</summary>
    internal ChannelMoments? Counting { get; set; }

    /// <summary>Takes over a convolution whose normalisation was folded into it; filters are brought to one length, which normalisation undoes.</summary>
    internal void Unfold(Tensor weights, Tensor bias, Tensor? slopes)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var lengths = weights.square().sum([1, 2, 3]).sqrt().clamp_min(Number.Of(1e-8)) / Number.Of(Math.Sqrt(2));
        _weight.copy_(weights / lengths.reshape(-1, 1, 1, 1));
        _scale.copy_(lengths);
        _shift.copy_(bias);
        _mean.zero_();
        _variance.fill_(Number.Of(1 - Epsilon));
        if (_slope is not null)
        {
            _slope.copy_(slopes!);
        }
    }

    /// <summary>Makes mean and variance what was counted, and scale and shift such that the unit computes what it did.</summary>
    internal void Settle(ChannelMoments moments)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var gain = _scale / (_variance + Number.Of(Epsilon)).sqrt();
        _shift.add_(gain * (moments.Mean - _mean));
        _scale.copy_(gain * (moments.Variance + Number.Of(Epsilon)).sqrt());
        _mean.copy_(moments.Mean);
        _variance.copy_(moments.Variance);
    }

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
        Counting?.Add(x);
        x = nn.functional.batch_norm(x, _mean, _variance, _scale, _shift, training, Momentum, Epsilon);
        return _slope is null ? x : nn.functional.prelu(x, _slope.to(type));
    }
}
