using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;

namespace FaceCloud.Gallery.Grouping;

public sealed record GroupAnswer
{
    /// <summary>Largest first.</summary>
    public required IReadOnlyList<FaceGroup> Groups { get; init; }

    /// <summary>Without an embedding; of a photo without a face, one whose face is null.</summary>
    public required IReadOnlyList<FaceSource> Ungrouped { get; init; }

    public required Threshold Threshold { get; init; }

    public required string EmbeddingContract { get; init; }

    public required StageTimes Times { get; init; }
}
