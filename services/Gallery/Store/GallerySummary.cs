namespace FaceCloud.Gallery.Store;

/// <summary>A gallery with its counts.</summary>
public sealed record GallerySummary(GalleryRow Gallery, long Persons, long Faces);
