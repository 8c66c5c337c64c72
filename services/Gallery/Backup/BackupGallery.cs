using System.Text.Json;

namespace FaceCloud.Gallery.Backup;

/// <summary>gallery.json.</summary>
internal sealed record BackupGallery
{
    public required string GalleryId { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>GallerySettings in protobuf's JSON: whatever the protocol knows of settings is carried.</summary>
    public required JsonElement Settings { get; init; }
}
