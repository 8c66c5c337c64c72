namespace FaceCloud.Gallery.Store;

/// <summary>A gallery of a tenant: the scope of every query.</summary>
public readonly record struct GalleryKey(string TenantId, string GalleryId);
