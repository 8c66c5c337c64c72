namespace FaceCloud.Gallery.Backup;

/// <summary>What came of an import.</summary>
public sealed record ImportedGallery
{
    public required string GalleryId { get; init; }

    public required string EmbeddingContract { get; init; }

    public required bool GalleryCreated { get; init; }

    public required bool SettingsApplied { get; init; }

    public long PersonsAdded { get; init; }

    public long PersonsPresent { get; init; }

    public long PersonsDeleted { get; init; }

    public long FacesAdded { get; init; }

    public long FacesPresent { get; init; }

    public long FacesDeleted { get; init; }
}
