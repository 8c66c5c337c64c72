using FaceCloud.Trainer.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// The detector: N×3×H×W in the order blue, green, red, 0…255, sides multiples of 32, in; for each of the strides 8, 16 and 32
/// N×16×(H/stride)×(W/stride) out: class and object before the sigmoid, box and landmarks as FaceCloud.Vision reads them.
/// </summary>
public sealed class DetectorNetwork : nn.Module<Tensor, Tensor[]>
{
    /// <summary>
    /// Pixels are multiplied by this first. No mean is taken away: zero stays zero, so that the zeros around a picture are black in
    /// training as well as in the exported model, which takes the factor into its first weights.
    /// </summary>
    public const float InputScale = 1 / 128f;

    // Few cells hold a face: their scores start low, boxes at four strides.
    private const double FirstClassProbability = 0.01;
    private const float FirstLogSize = 1.4f;

    private readonly ModuleList<nn.Module<Tensor, Tensor>> _body = new();
    private readonly ModuleList<PointwiseConvolution> _laterals = new();
    private readonly ModuleList<RectifiedUnit> _towers = new();
    private readonly ModuleList<RectifiedBlock> _blocks = new();
    private readonly ModuleList<PointwiseConvolution> _heads = new();
    private readonly int[] _levelEnds = new int[DetectorArchitecture.Strides.Count];

    public DetectorNetwork(DetectorArchitecture architecture)
        : base(architecture.Name)
    {
        Architecture = architecture;
        _body.append(new RectifiedUnit("stem", 3, architecture.Stem, 2));
        var channels = architecture.Stem;
        var firstLevel = architecture.Stages.Count - DetectorArchitecture.Strides.Count;
        for (var s = 0; s < architecture.Stages.Count; s++)
        {
            var stage = architecture.Stages[s];
            _body.append(new RectifiedUnit($"down{s}", channels, stage.Channels, 2));
            channels = stage.Channels;
            for (var b = 0; b < stage.Blocks; b++)
            {
                _body.append(new RectifiedBlock($"block{s}{b}", channels));
            }

            if (s >= firstLevel)
            {
                _levelEnds[s - firstLevel] = _body.Count;
                _laterals.append(new PointwiseConvolution($"lateral{s}", channels, architecture.Neck));
                _towers.append(new RectifiedUnit($"tower{s}", architecture.Neck, architecture.Neck, 1));
                _heads.append(Head($"head{s}", architecture.Neck));
                for (var b = 0; b < BlocksOf(s - firstLevel); b++)
                {
                    _blocks.append(new RectifiedBlock($"towerblock{s}{b}", architecture.Neck));
                }
            }
        }

        register_module("body", _body);
        register_module("laterals", _laterals);
        register_module("towers", _towers);
        register_module("blocks", _blocks);
        register_module("heads", _heads);
    }

    public DetectorArchitecture Architecture { get; }

    /// <summary>The parts from the input to the end of each level, in order.</summary>
    public IReadOnlyList<IReadOnlyList<nn.Module<Tensor, Tensor>>> Levels =>
        [.. _levelEnds.Select((end, i) => _body.Skip(i == 0 ? 0 : _levelEnds[i - 1]).Take(end - (i == 0 ? 0 : _levelEnds[i - 1])).ToList())];

    /// <summary>From each level into the pyramid.</summary>
    public IReadOnlyList<PointwiseConvolution> Laterals => [.. _laterals];

    /// <summary>On each map of the pyramid, a convolution and then residual blocks.</summary>
    public IReadOnlyList<(RectifiedUnit First, IReadOnlyList<RectifiedBlock> Blocks)> Towers =>
        [.. _towers.Select((tower, level) => (tower, (IReadOnlyList<RectifiedBlock>)[.. _blocks.Skip(Enumerable.Range(0, level).Sum(BlocksOf)).Take(BlocksOf(level))]))];

    /// <summary>The outputs of each level.</summary>
    public IReadOnlyList<PointwiseConvolution> Heads => [.. _heads];

    /// <summary>Runs all convolutions but the last of each level in bfloat16; weights and outputs stay float32.</summary>
    public void UseBfloat16(bool on)
    {
        foreach (var unit in modules().OfType<ConvolutionUnit>())
        {
            unit.Bfloat16 = on;
        }
    }

    public override Tensor[] forward(Tensor input)
    {
        var x = input * Number.Of(InputScale);
        var maps = new Tensor[_levelEnds.Length];
        for (var (part, level) = (0, 0); part < _body.Count; part++)
        {
            x = _body[part].call(x);
            if (part + 1 == _levelEnds[level])
            {
                maps[level] = _laterals[level].call(x);
                level++;
            }
        }

        for (var level = maps.Length - 2; level >= 0; level--)
        {
            maps[level] = maps[level] + nn.functional.interpolate(maps[level + 1], scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        }

        for (var (level, block) = (0, 0); level < maps.Length; level++)
        {
            maps[level] = _towers[level].call(maps[level]);
            for (var last = block + BlocksOf(level); block < last; block++)
            {
                maps[level] = _blocks[block].call(maps[level]);
            }

            maps[level] = _heads[level].call(maps[level].to(ScalarType.Float32));
        }

        return maps;
    }

    private int BlocksOf(int level) => Architecture.TowerBlocks?[level] ?? 0;

    private static PointwiseConvolution Head(string name, int inputs)
    {
        var head = new PointwiseConvolution(name, inputs, DetectorArchitecture.Outputs);
        using var guard = no_grad();
        head.Weight.mul_(Number.Of(0.1));
        head.Offset[0] = Math.Log(FirstClassProbability / (1 - FirstClassProbability));
        head.Offset[4] = FirstLogSize;
        head.Offset[5] = FirstLogSize;
        return head;
    }
}
