using FaceCloud.Contracts;
using FaceCloud.Vision;

namespace FaceCloud.Gallery.Probes;

/// <summary>One face of a probe.</summary>
public sealed record ProbeFace
{
    /// <summary>Null for an embedding.</summary>
    public AnalyzedFace? Detected { get; init; }

    /// <summary>Unit length; null when the face did not pass the gate.</summary>
    public float[]? Embedding { get; init; }

    /// <summary>Why not.</summary>
    public IReadOnlyList<QualityReason> Reasons => Detected?.Quality.Reasons ?? [];
}
