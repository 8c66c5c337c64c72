using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Networks;

/// <summary>
/// The encoder: N×3×Side×Side with values in −1…1 in, N×Dimension out, not yet of unit length.
/// One network serves all photos of a pair or triplet (the Siamese arrangement).
/// </summary>
public sealed class EncoderNetwork : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> _body = new();
    private readonly Parameter _window;
    private readonly Parameter _projection;
    private readonly Parameter _offset;

    public EncoderNetwork(EncoderArchitecture architecture)
        : base(architecture.Name)
    {
        Architecture = architecture;
        _body.append(new ConvolutionUnit("stem", 3, architecture.Stem, 2, activation: true));
        var channels = architecture.Stem;
        for (var s = 0; s < architecture.Stages.Count; s++)
        {
            var stage = architecture.Stages[s];
            _body.append(new ConvolutionUnit($"down{s}", channels, stage.Channels, 2, activation: true));
            channels = stage.Channels;
            for (var b = 0; b < stage.Blocks; b++)
            {
                _body.append(new ResidualBlock($"block{s}{b}", channels));
            }
        }

        var area = architecture.LastSide * architecture.LastSide;
        _window = nn.Parameter(ones(channels, architecture.LastSide, architecture.LastSide) / area);
        _projection = nn.Parameter(randn(architecture.Dimension, channels) * Math.Sqrt(1.0 / channels));
        _offset = nn.Parameter(zeros(architecture.Dimension));
        register_parameter("window", _window);
        register_parameter("projection", _projection);
        register_parameter("offset", _offset);
        register_module("body", _body);
    }

    public EncoderArchitecture Architecture { get; }

    /// <summary>Stem, strided convolutions and residual blocks, in order.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Body => [.. _body];

    /// <summary>Weight of every place of the last map, channel by channel (C×h×w).</summary>
    public Tensor Window => _window;

    public Tensor Projection => _projection;

    public Tensor Offset => _offset;

    /// <summary>Runs the convolutions in bfloat16; weights, sums and embeddings stay float32.</summary>
    public void UseBfloat16(bool on)
    {
        foreach (var unit in modules().OfType<ConvolutionUnit>())
        {
            unit.Bfloat16 = on;
        }
    }

    public override Tensor forward(Tensor input)
    {
        var x = input;
        foreach (var part in _body)
        {
            x = part.call(x);
        }

        var weighted = (x.to(ScalarType.Float32) * WindowOf(x.shape[2], x.shape[3])).sum([2, 3]);
        return nn.functional.linear(weighted, _projection, _offset);
    }

    /// <summary>Smaller photos, as early training uses them, give a smaller last map: the weighting is scaled to it and keeps its sum.</summary>
    private Tensor WindowOf(long height, long width)
    {
        var side = Architecture.LastSide;
        return height == side && width == side
            ? _window
            : nn.functional.interpolate(_window.unsqueeze(0), [height, width], mode: InterpolationMode.Bilinear, align_corners: false).squeeze(0)
                * ((double)side * side / (height * width));
    }
}
