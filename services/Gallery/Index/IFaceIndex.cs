using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Finds the persons nearest to a probe. A projection of the store that can be rebuilt from it at any time:
/// every write may be repeated, and takes effect before its task ends (read-your-writes).
/// Similarity is the cosine; greater means more alike. Searches are exact unless the implementation says otherwise.
/// </summary>
public interface IFaceIndex
{
    /// <summary>Adds faces; a face id that is there is replaced.</summary>
    Task UpsertAsync(GalleryKey gallery, IReadOnlyList<FaceVector> faces, CancellationToken cancellationToken);

    /// <summary>Ids that are not there are passed over.</summary>
    Task DeleteFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken);

    /// <summary>All faces of a person; none is fine.</summary>
    Task DeletePersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken);

    Task DeleteGalleryAsync(GalleryKey gallery, CancellationToken cancellationToken);

    /// <summary>Afterwards the gallery holds exactly these faces; searches see the old ones until then.</summary>
    Task ReplaceAsync(GalleryKey gallery, IAsyncEnumerable<FaceVector> faces, CancellationToken cancellationToken);

    /// <summary>A gallery without faces has size 0 and 0.</summary>
    Task<IndexSize> GetSizeAsync(GalleryKey gallery, CancellationToken cancellationToken);

    /// <summary>
    /// For each probe the best <paramref name="maxPersons"/> persons by their best face, best first; equals by person id,
    /// and of one person's equal faces the smallest id. All probes are answered from one state of the gallery.
    /// </summary>
    /// <param name="gallery">One without faces is answered with empty lists.</param>
    /// <param name="probes">float32[dimension], unit length.</param>
    /// <param name="maxPersons">1 or more.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    Task<IndexSearch> SearchAsync(GalleryKey gallery, IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken);
}
