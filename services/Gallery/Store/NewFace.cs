using FaceCloud.Contracts;

namespace FaceCloud.Gallery.Store;

/// <summary>A face about to be stored.</summary>
public sealed record NewFace
{
    public required string PersonId { get; init; }

    /// <summary>Name for a person that this face creates.</summary>
    public string PersonName { get; init; } = "";

    public required string PhotoSha256 { get; init; }

    public int FaceOrdinal { get; init; }

    /// <summary>The bulk item, null for an interactive call.</summary>
    public Guid? ItemId { get; init; }

    /// <summary>The job of <see cref="ItemId"/>, and what it wants with a person who has faces of others.</summary>
    public string? JobId { get; init; }

    public OnDuplicate OnDuplicate { get; init; } = OnDuplicate.Enrol;

    /// <summary>Unit length.</summary>
    public required float[] Embedding { get; init; }

    public required string EmbeddingContract { get; init; }

    public required FaceBox Box { get; init; }

    public required FaceQuality Quality { get; init; }

    /// <summary>When it was enrolled first, for one out of a backup; null: now.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>What must not have been deleted since.</summary>
    public required Acceptance Acceptance { get; init; }
}
