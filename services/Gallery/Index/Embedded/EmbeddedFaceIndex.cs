using System.Collections.Concurrent;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// The index in this process' memory: every search compares with every face, so it is exact.
/// For one Gallery process; replicas need an index of their own kind, since nobody tells them of each other's writes.
/// </summary>
public sealed class EmbeddedFaceIndex : IFaceIndex
{
    private readonly ConcurrentDictionary<GalleryKey, GalleryVectors> _galleries = new();

    public Task UpsertAsync(GalleryKey gallery, IReadOnlyList<FaceVector> faces, CancellationToken cancellationToken)
    {
        _galleries.GetOrAdd(gallery, _ => new GalleryVectors()).Upsert(faces);
        return Task.CompletedTask;
    }

    public Task DeleteFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken)
    {
        if (_galleries.TryGetValue(gallery, out var vectors))
        {
            vectors.DeleteFaces(faceIds);
        }

        return Task.CompletedTask;
    }

    public Task DeletePersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken)
    {
        if (_galleries.TryGetValue(gallery, out var vectors))
        {
            vectors.DeletePerson(personId);
        }

        return Task.CompletedTask;
    }

    public Task DeleteGalleryAsync(GalleryKey gallery, CancellationToken cancellationToken)
    {
        _galleries.TryRemove(gallery, out _);
        return Task.CompletedTask;
    }

    public async Task ReplaceAsync(GalleryKey gallery, IAsyncEnumerable<FaceVector> faces, CancellationToken cancellationToken)
    {
        var vectors = new GalleryVectors();
        await foreach (var batch in faces.Chunk(1024).WithCancellation(cancellationToken))
        {
            vectors.Upsert(batch);
        }

        _galleries[gallery] = vectors;
    }

    public Task<IndexSize> GetSizeAsync(GalleryKey gallery, CancellationToken cancellationToken) =>
        Task.FromResult(_galleries.TryGetValue(gallery, out var vectors) ? vectors.Current.Size : default);

    public IAsyncEnumerable<IndexedFace> ReadAsync(GalleryKey gallery, bool withEmbeddings, CancellationToken cancellationToken) =>
        _galleries.TryGetValue(gallery, out var vectors) ? vectors.Read(withEmbeddings).ToAsyncEnumerable() : AsyncEnumerable.Empty<IndexedFace>();

    public Task<IReadOnlySet<Guid>> FindFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<Guid>>(_galleries.TryGetValue(gallery, out var vectors) ? vectors.Find(faceIds) : new HashSet<Guid>());

    public Task<IReadOnlyList<GalleryKey>> ListGalleriesAsync(IReadOnlySet<GalleryKey> except, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<GalleryKey>>(
            [.. _galleries.Where(entry => !except.Contains(entry.Key) && entry.Value.Current.Size.Faces > 0).Select(entry => entry.Key)]);

    public Task ClearAsync(CancellationToken cancellationToken)
    {
        _galleries.Clear();
        return Task.CompletedTask;
    }

    public async Task<IndexSearch> SearchAsync(
        GalleryKey gallery, IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPersons, 1);
        return _galleries.TryGetValue(gallery, out var vectors)
            ? await vectors.Searches.SearchAsync(probes, maxPersons, cancellationToken)
            : new IndexSearch([.. probes.Select(_ => Array.Empty<PersonMatch>())], default);
    }
}
