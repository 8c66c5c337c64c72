using static TorchSharp.torch;

namespace FaceCloud.Trainer.Networks;

/// <summary>Mean and variance of each channel over any number of N×C×h×w maps.</summary>
internal sealed class ChannelMoments : IDisposable
{
    private readonly Tensor _sum;
    private readonly Tensor _squares;
    private long _count;

    public ChannelMoments(int channels) => (_sum, _squares) = (zeros(channels, ScalarType.Float64), zeros(channels, ScalarType.Float64));

    /// <summary>[C]; NaN while nothing was added.</summary>
    public Tensor Mean => (_sum / Number.Of(_count)).to(ScalarType.Float32);

    /// <summary>[C], not below 0.</summary>
    public Tensor Variance => ((_squares / Number.Of(_count)) - (_sum / Number.Of(_count)).square()).clamp_min(Number.Of(0)).to(ScalarType.Float32);

    public void Add(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var x = maps.to(ScalarType.Float32);
        _sum.add_(x.sum([0, 2, 3], type: ScalarType.Float64));
        _squares.add_(x.square().sum([0, 2, 3], type: ScalarType.Float64));
        _count += maps.shape[0] * maps.shape[2] * maps.shape[3];
    }

    public void Dispose()
    {
        _sum.Dispose();
        _squares.Dispose();
    }
}
