using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// Shape of a detector: a strided 3×3 stem, then stages that each halve the size with a strided 3×3 convolution and go through residual
/// blocks; the last three stages (strides 8, 16, 32) meet in a pyramid whose coarser maps are added to the finer ones.
/// Dense convolutions as in the encoder: they train several times faster on a CPU than depthwise ones, and ONNX Runtime is at its best with them.
/// </summary>
/// <param name="Name">Goes into checkpoints; two shapes never share a name.</param>
/// <param name="Stem">Channels at half size.</param>
/// <param name="Stages">Channels and residual blocks at strides 4, 8, 16, 32.</param>
/// <param name="Neck">Channels of the pyramid.</param>
/// <param name="TowerBlocks">Residual blocks at strides 8, 16, 32 between pyramid and outputs; none where not given.</param>
public sealed record DetectorArchitecture(string Name, int Stem, IReadOnlyList<DetectorStage> Stages, int Neck, IReadOnlyList<int>? TowerBlocks = null)
{
    /// <summary>Pixels between two cells of each output.</summary>
    public static IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    /// <summary>Numbers a cell gives: class, object, 4 of the box, 10 of the landmarks.</summary>
    public const int Outputs = 16;

    /// <summary>The shapes that can be named on the command line.</summary>
    public static IReadOnlyList<DetectorArchitecture> Known { get; } =
    [
        new("pyramid-s", 16, [new(32, 0), new(32, 1), new(48, 1), new(64, 1)], 32, [0, 1, 0]),
        new("pyramid-xs", 16, [new(16, 0), new(32, 1), new(48, 1), new(64, 1)], 32),
    ];

    public static DetectorArchitecture Named(string name) =>
        Known.FirstOrDefault(a => a.Name == name)
        ?? throw new TrainerException($"There is no detector '{name}'; known are {string.Join(", ", Known.Select(a => a.Name))}.");
}
