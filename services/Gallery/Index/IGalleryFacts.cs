using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index;

/// <summary>What an index outside this process must be told of a gallery before a search: it knows neither contracts nor persons.</summary>
public interface IGalleryFacts
{
    /// <returns>Null when there is no such gallery, or it never had a face.</returns>
    Task<GalleryFacts?> FindAsync(GalleryKey gallery, CancellationToken cancellationToken);
}
