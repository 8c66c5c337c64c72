using FaceCloud.Contracts.Failures;

namespace FaceCloud.Gallery.Store;

/// <summary>What became of a <see cref="NewFace"/>.</summary>
public sealed record StoredFace
{
    public required Guid FaceId { get; init; }

    public required StoredFaceState State { get; init; }

    /// <summary>The row; null when refused.</summary>
    public FaceRow? Row { get; init; }

    /// <summary>Set when refused.</summary>
    public FailureException? Refusal { get; init; }
}
