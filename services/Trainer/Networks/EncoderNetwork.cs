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
    private readonly Parameter? _window;
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

        var side = architecture.LastSide;
        var projection = randn(architecture.Dimension, channels) * Number.Of(Math.Sqrt(1.0 / channels));
        if (architecture.Head == EncoderHead.Places)
        {
            _projection = nn.Parameter(Spread(projection, ones(channels, side, side)));
        }
        else
        {
            _window = nn.Parameter(ones(channels, side, side) / Number.Of(side * side));
            _projection = nn.Parameter(projection);
            register_parameter("window", _window);
        }

        _offset = nn.Parameter(zeros(architecture.Dimension));
        register_parameter("projection", _projection);
        register_parameter("offset", _offset);
        register_module("body", _body);
    }

    public EncoderArchitecture Architecture { get; }

    /// <summary>Stem, strided convolutions and residual blocks, in order.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Body => [.. _body];

    /// <summary>Weight of every place of the last map, channel by channel (C×h×w); none where places have projections of their own.</summary>
    public Tensor? Window => _window;

    /// <summary>Dimension×C with a window; Dimension×C×h×w, to be divided by h·w, without.</summary>
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
        var x = PhotoTensor.RowsFirst(input);
        foreach (var part in _body)
        {
            x = part.call(x);
        }

        x = x.to(ScalarType.Float32);
        var (height, width) = (x.shape[2], x.shape[3]);
        return _window is null
            ? nn.functional.linear(x.flatten(1), Fit(_projection, height, width).flatten(1), _offset * Number.Of(height * width)) / Number.Of(height * width)
            : nn.functional.linear((x * WindowOf(height, width)).sum([2, 3]), _projection, _offset);
    }

    /// <summary>
    /// Takes over the weights of every part that has the same name and shape in another network; residual blocks that are new start as
    /// the identity, and a window becomes the projections that compute the same. A network grown by blocks or by its head thus starts
    /// with what the smaller one had learned.
    /// </summary>
    /// <returns>Names of the parts that start anew.</returns>
    public IReadOnlyList<string> StartFrom(EncoderNetwork other)
    {
        using var guard = no_grad();
        var parts = other._body.ToDictionary(part => part.GetName(), StringComparer.Ordinal);
        var anew = new List<string>();
        foreach (var part in _body)
        {
            if (!parts.TryGetValue(part.GetName(), out var from) || !Take(part.state_dict(), from.state_dict()))
            {
                anew.Add(part.GetName());
            }
        }

        var projection = _window is null && other._window is { } window ? Spread(other._projection, window * Number.Of(window.shape[1] * window.shape[2])) : other._projection;
        var sameHead = Take(
            new() { ["projection"] = _projection, ["offset"] = _offset },
            new() { ["projection"] = projection, ["offset"] = other._offset });
        if (!sameHead || (_window is not null && !(other._window is { } theirs && Take(new() { ["window"] = _window }, new() { ["window"] = theirs }))))
        {
            anew.Add("head");
        }

        return anew;
    }

    /// <summary>
    /// Gives every normalisation the mean and variance that photos have there, and leaves what the network computes as it is. An exported
    /// network has lost them, and training normalises by its batches.
    /// </summary>
    /// <param name="photos">N×3×side×side each; some hundreds of photos in all.</param>
    public void Settle(IEnumerable<Tensor> photos)
    {
        using var guard = no_grad();
        var units = modules().OfType<ConvolutionUnit>().ToList();
        try
        {
            units.ForEach(unit => unit.Counting = new ChannelMoments(unit.Outputs));
            eval();
            foreach (var batch in photos)
            {
                using var scope = NewDisposeScope();
                call(batch);
            }

            units.ForEach(unit => unit.Settle(unit.Counting!));
        }
        finally
        {
            units.ForEach(unit =>
            {
                unit.Counting?.Dispose();
                unit.Counting = null;
            });
        }
    }

    private static bool Take(Dictionary<string, Tensor> target, Dictionary<string, Tensor> source)
    {
        if (target.Any(t => !source.TryGetValue(t.Key, out var s) || !s.shape.SequenceEqual(t.Value.shape)))
        {
            return false;
        }

        foreach (var (name, tensor) in target)
        {
            tensor.copy_(source[name]);
        }

        return true;
    }

    /// <summary>One projection a place: projection (D×C) times the weight of the place (C×h×w).</summary>
    private static Tensor Spread(Tensor projection, Tensor window) => projection.unsqueeze(2).unsqueeze(3) * window.unsqueeze(0);

    /// <summary>Smaller photos, as early training uses them, give a smaller last map: what belongs to a place is scaled to it.</summary>
    private static Tensor Fit(Tensor places, long height, long width) =>
        places.shape[^2] == height && places.shape[^1] == width
            ? places
            : nn.functional.interpolate(places, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <summary>Scaled to the map, keeping its sum.</summary>
    private Tensor WindowOf(long height, long width)
    {
        var side = Architecture.LastSide;
        return height == side && width == side
            ? _window!
            : Fit(_window!.unsqueeze(0), height, width).squeeze(0) * Number.Of((double)side * side / (height * width));
    }
}
