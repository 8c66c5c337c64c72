namespace FaceCloud.Gallery.Store;

/// <summary>One enrolled photo: its embedding is the source of truth, the index a projection of it.</summary>
public sealed class FaceRow
{
    public required string TenantId { get; init; }

    public required string GalleryId { get; init; }

    public required Guid FaceId { get; init; }

    public required string PersonId { get; init; }

    public required string EmbeddingContract { get; init; }

    /// <summary>float32[dimension] little-endian, unit length.</summary>
    public required byte[] Embedding { get; init; }

    public required string PhotoSha256 { get; init; }

    public int FaceOrdinal { get; init; }

    /// <summary>The bulk item that made this row: a redelivered message knows its own work by it. Null for an interactive call.</summary>
    public Guid? ItemId { get; init; }

    public float BoxX { get; init; }

    public float BoxY { get; init; }

    public float BoxWidth { get; init; }

    public float BoxHeight { get; init; }

    public float QualityScore { get; init; }

    public float Sharpness { get; init; }

    public float Brightness { get; init; }

    public float Yaw { get; init; }

    public float Pitch { get; init; }

    public float Roll { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
