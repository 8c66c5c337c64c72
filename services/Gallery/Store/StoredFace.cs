using FaceCloud.Contracts.Failures;

namespace FaceCloud.Gallery.Store;

/// <summary>What became of a <see cref="NewFace"/>.</summary>
public sealed record StoredFace
{
    /// <summary>The face; when skipped, one that the person has.</summary>
    public required Guid FaceId { get; init; }

    public required StoredFaceState State { get; init; }

    /// <summary>The row; null when refused.</summary>
    public FaceRow? Row { get; init; }

    /// <summary>Faces of the person that this one took the place of; they are gone from the store.</summary>
    public IReadOnlyList<Guid> Replaced { get; init; } = [];

    /// <summary>Set when refused.</summary>
    public FailureException? Refusal { get; init; }
}
