using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;

namespace FaceCloud.Gallery.Verification;

public sealed record VerificationAnswer
{
    public required VerificationOutcome Outcome { get; init; }

    /// <summary>Null when nothing was compared.</summary>
    public float? Similarity { get; init; }

    /// <summary>That the compared faces are one person's; null without a head of the encoder in use, or when nothing was compared.</summary>
    public double? Probability { get; init; }

    public required Threshold Threshold { get; init; }

    public required string EmbeddingContract { get; init; }

    /// <summary>Against a person.</summary>
    public Guid? BestFaceId { get; init; }

    /// <summary>Null when the photo shows none.</summary>
    public ProbeFace? Face { get; init; }

    public required ProbeReading Probe { get; init; }

    public required StageTimes Times { get; init; }
}
