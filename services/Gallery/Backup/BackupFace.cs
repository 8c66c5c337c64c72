using FaceCloud.Contracts;

namespace FaceCloud.Gallery.Backup;

/// <summary>A line of faces/NNNNNN.jsonl; its embedding is the row of the same number in faces/NNNNNN.f32.</summary>
internal sealed record BackupFace
{
    /// <summary>For readers of the file; Import makes it anew from gallery, person, photo and ordinal.</summary>
    public required Guid FaceId { get; init; }

    public required string PersonId { get; init; }

    public required string PhotoSha256 { get; init; }

    public required int FaceOrdinal { get; init; }

    /// <summary>The bulk item that enrolled it.</summary>
    public Guid? ItemId { get; init; }

    public required FaceBox Box { get; init; }

    public required BackupQuality Quality { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
