using System.Text.Json.Serialization;

namespace FaceCloud.Inference.Models;

/// <summary>One model of the manifest: what its file is and how it wants to be fed.</summary>
public sealed record ModelEntry
{
    /// <summary>1..64 of a-z 0-9 . _ -; part of the embedding contract.</summary>
    public required string Name { get; init; }

    public required ModelKind Kind { get; init; }

    /// <summary>Name of the ONNX file beside the manifest.</summary>
    public required string File { get; init; }

    /// <summary>Of the file, 64 hex digits.</summary>
    public required string Sha256 { get; init; }

    public string InputName { get; init; } = "input";

    /// <summary>
    /// Pixels. An encoder's input is exactly that wide: the crop's columns, or the crop enlarged or reduced to it.
    /// A detector takes photos scaled down to fit.
    /// </summary>
    public required int InputWidth { get; init; }

    /// <summary>Pixels, as <see cref="InputWidth"/>.</summary>
    public required int InputHeight { get; init; }

    public required ChannelOrder ChannelOrder { get; init; }

    /// <summary>Taken from 0..255 pixel values, one a channel in the model's order; then divided by <see cref="Std"/>.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    public required IReadOnlyList<float> Std { get; init; }

    /// <summary>Detectors: what their outputs look like; default yunet.</summary>
    public DetectorOutputs? Outputs { get; init; }

    /// <summary>Detectors: the file takes <see cref="InputWidth"/> x <see cref="InputHeight"/> pixels and nothing else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FixedSize { get; init; }

    /// <summary>Encoders: the file takes one face at a time, since its batch was fixed to 1 when it was exported. Slower.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OneAtATime { get; init; }

    /// <summary>Encoders: name of the output float32[N, <see cref="Dimension"/>].</summary>
    public string? OutputName { get; init; }

    /// <summary>Encoders: numbers in an embedding.</summary>
    public int? Dimension { get; init; }

    /// <summary>Encoders: sum the outputs of the crop and of its mirror image before normalising. Twice the work, slightly better.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Mirror { get; init; }

    /// <summary>Encoders narrower than the 112 x 112 crop: the columns they take.</summary>
    public ColumnRange? Columns { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Licence { get; init; }

    public required string Origin { get; init; }

    /// <summary>What people should know before they use it.</summary>
    public string? Note { get; init; }

    /// <summary>Encoders: threshold by false accept rate. Without it a threshold must come from the request or the gallery.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>Encoders: similarity to probability. Without one Verify gives none.</summary>
    public VerifierHead? Head { get; init; }
}
