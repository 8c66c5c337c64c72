using FaceCloud.Inference.Models;

namespace FaceCloud.Inference.Encoding;

/// <summary>The encoder in use, as others need to know it.</summary>
public sealed record EncoderModel
{
    public required string Name { get; init; }

    /// <summary>Name + ":" + first 12 hex digits of <see cref="Sha256"/>; embeddings of two contracts are never compared.</summary>
    public required string EmbeddingContract { get; init; }

    public required int Dimension { get; init; }

    /// <summary>Of the model file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>cpu, cuda or tensorrt: the one in use.</summary>
    public required string ExecutionProvider { get; init; }

    public required string Licence { get; init; }

    /// <summary>By falling false accept rate, at least two points; empty when none was measured.</summary>
    public required IReadOnlyList<CalibrationPoint> Calibration { get; init; }

    /// <summary>Similarity to probability, for embeddings of <see cref="EmbeddingContract"/>; null when none was fitted.</summary>
    public VerifierHead? Head { get; init; }
}
