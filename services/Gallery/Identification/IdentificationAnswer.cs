using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;

namespace FaceCloud.Gallery.Identification;

public sealed record IdentificationAnswer
{
    /// <summary>Largest first; empty when the photo shows none.</summary>
    public required IReadOnlyList<IdentifiedFace> Faces { get; init; }

    public required Threshold Threshold { get; init; }

    public required string EmbeddingContract { get; init; }

    public required ProbeReading Probe { get; init; }

    public required StageTimes Times { get; init; }
}
