using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Networks;

/// <summary>
/// Shape of an encoder: a 3×3 stem at half size, then stages that each halve the size with a strided 3×3 convolution and go through
/// residual blocks of two dense 3×3 convolutions, then a head.
/// Dense convolutions on purpose: they train four to six times faster per multiply-add on a CPU than depthwise ones.
/// </summary>
/// <param name="Name">Goes into checkpoints; two shapes never share a name.</param>
/// <param name="Side">Pixels of the square RGB input.</param>
/// <param name="Stem">Channels at half size.</param>
/// <param name="Stages">Channels and residual blocks of each stage.</param>
/// <param name="Dimension">Numbers in an embedding.</param>
/// <param name="Head">How the last map becomes an embedding.</param>
public sealed record EncoderArchitecture(
    string Name,
    int Side,
    int Stem,
    IReadOnlyList<EncoderStage> Stages,
    int Dimension,
    EncoderHead Head = EncoderHead.Window)
{
    /// <summary>The shapes that can be named on the command line.</summary>
    public static IReadOnlyList<EncoderArchitecture> Known { get; } =
    [
        new("resnet-p", 112, 24, [new(48, 2), new(96, 3), new(192, 1)], 128, EncoderHead.Places),
        new("resnet-s", 112, 24, [new(48, 2), new(96, 2), new(192, 1)], 128),
        new("resnet-m", 112, 24, [new(64, 2), new(128, 2), new(160, 1)], 128),
        new("resnet-xs", 112, 16, [new(48, 1), new(96, 2), new(192, 1)], 128),
    ];

    /// <summary>Side of the last map.</summary>
    public int LastSide => Stages.Aggregate((Side + 1) / 2, (side, _) => (side + 1) / 2);

    public static EncoderArchitecture Named(string name) =>
        Known.FirstOrDefault(a => a.Name == name)
        ?? throw new TrainerException($"There is no network named '{name}'; known are {string.Join(", ", Known.Select(a => a.Name))}.");
}
