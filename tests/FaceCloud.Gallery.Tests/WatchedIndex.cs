using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Index.Embedded;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests;

/// <summary>The embedded index, whose loading can be held and whose next write can fail.</summary>
internal sealed class WatchedIndex : IFaceIndex
{
    private readonly EmbeddedFaceIndex _index = new();
    private bool _fails;

    public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Loading waits for it.</summary>
    public TaskCompletionSource? Loading { get; init; }

    public void FailNext() => _fails = true;

    public Task UpsertAsync(GalleryKey gallery, IReadOnlyList<FaceVector> faces, CancellationToken cancellationToken)
    {
        if (_fails)
        {
            _fails = false;
            throw new FailureException(FailureReason.StoreUnavailable, "The index does not answer.");
        }

        return _index.UpsertAsync(gallery, faces, cancellationToken);
    }

    public Task DeleteFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken) =>
        _index.DeleteFacesAsync(gallery, faceIds, cancellationToken);

    public Task DeletePersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken) =>
        _index.DeletePersonAsync(gallery, personId, cancellationToken);

    public Task DeleteGalleryAsync(GalleryKey gallery, CancellationToken cancellationToken) => _index.DeleteGalleryAsync(gallery, cancellationToken);

    public async Task ReplaceAsync(GalleryKey gallery, IAsyncEnumerable<FaceVector> faces, CancellationToken cancellationToken)
    {
        await (Loading?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
        await _index.ReplaceAsync(gallery, faces, cancellationToken);
        Replaced.TrySetResult();
    }

    public Task<IndexSize> GetSizeAsync(GalleryKey gallery, CancellationToken cancellationToken) => _index.GetSizeAsync(gallery, cancellationToken);

    public IAsyncEnumerable<IndexedFace> ReadAsync(GalleryKey gallery, bool withEmbeddings, CancellationToken cancellationToken) =>
        _index.ReadAsync(gallery, withEmbeddings, cancellationToken);

    public Task<IReadOnlySet<Guid>> FindFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken) =>
        _index.FindFacesAsync(gallery, faceIds, cancellationToken);

    public Task<IReadOnlyList<GalleryKey>> ListGalleriesAsync(IReadOnlySet<GalleryKey> except, CancellationToken cancellationToken) =>
        _index.ListGalleriesAsync(except, cancellationToken);

    public Task ClearAsync(CancellationToken cancellationToken) => _index.ClearAsync(cancellationToken);

    public Task<IndexSearch> SearchAsync(GalleryKey gallery, IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken) =>
        _index.SearchAsync(gallery, probes, maxPersons, cancellationToken);
}
