using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Finds the persons nearest to a probe. A projection of the store that can be rebuilt from it at any time:
/// every write may be repeated, and takes effect before its task ends (read-your-writes).
/// Similarity is the cosine; greater means more alike. Searches are exact unless the implementation says otherwise.
/// Every call of an index outside this process may throw FailureException: IndexUnavailable, IndexRefused, IndexMismatch.
/// </summary>
public interface IFaceIndex
{
    /// <summary>It outlives this process and other processes write to it too: it is brought in line with the store, not loaded.</summary>
    bool IsShared => false;

    /// <summary>Is it there, and does it let us in?</summary>
    /// <returns>False when it has lost what it held and must be filled again.</returns>
    Task<bool> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>
    /// Before a write of the store that this index is to follow: what cannot be followed must not begin. Makes what the first face of a model needs.
    /// </summary>
    /// <param name="gallery">To be written to.</param>
    /// <param name="space">Of the faces to come; null when faces only go.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    Task PrepareAsync(GalleryKey gallery, EmbeddingSpace? space, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds faces; a face id that is there is replaced.</summary>
    Task UpsertAsync(GalleryKey gallery, IReadOnlyList<FaceVector> faces, CancellationToken cancellationToken);

    /// <summary>Ids that are not there are passed over.</summary>
    Task DeleteFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken);

    /// <summary>All faces of a person; none is fine.</summary>
    Task DeletePersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken);

    Task DeleteGalleryAsync(GalleryKey gallery, CancellationToken cancellationToken);

    /// <summary>Afterwards the gallery holds exactly these faces; searches see the old ones until then, or where the index is shared, a mixture.</summary>
    Task ReplaceAsync(GalleryKey gallery, IAsyncEnumerable<FaceVector> faces, CancellationToken cancellationToken);

    /// <summary>A gallery without faces has size 0 and 0. Counts what is really there, which may take its time.</summary>
    Task<IndexSize> GetSizeAsync(GalleryKey gallery, CancellationToken cancellationToken);

    /// <summary>All faces of a gallery, in no order.</summary>
    IAsyncEnumerable<IndexedFace> ReadAsync(GalleryKey gallery, bool withEmbeddings, CancellationToken cancellationToken);

    /// <summary>Those of the ids that are there.</summary>
    Task<IReadOnlySet<Guid>> FindFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken);

    /// <summary>Galleries with faces here, but for those.</summary>
    Task<IReadOnlyList<GalleryKey>> ListGalleriesAsync(IReadOnlySet<GalleryKey> except, CancellationToken cancellationToken);

    /// <summary>An index that was filled beside the one in use, and found right: from now on it is the one in use, for other processes too.</summary>
    Task ActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Forgets everything; a later write begins anew.</summary>
    Task ClearAsync(CancellationToken cancellationToken);

    /// <summary>
    /// For each probe the best <paramref name="maxPersons"/> persons by their best face, best first; equals by person id,
    /// and of one person's equal faces the smallest id. All probes are answered from one state of the gallery, unless it is shared.
    /// </summary>
    /// <param name="gallery">One without faces is answered with empty lists.</param>
    /// <param name="probes">float32[dimension], unit length.</param>
    /// <param name="maxPersons">1 or more.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    Task<IndexSearch> SearchAsync(GalleryKey gallery, IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken);
}
