using System.Collections.Concurrent;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index.Moves;

/// <summary>
/// The index in use, and during a move the one that is filled beside it: writes go to both, reads to the one in use. The new one
/// may fail without harm: its gallery is then compared with the store once more before the move ends.
/// </summary>
internal sealed class IndexRouter : IFaceIndex
{
    private readonly ILogger<IndexRouter> _logger;
    private readonly ConcurrentDictionary<GalleryKey, byte> _doubtful = new();
    private volatile Route _route;

    public IndexRouter(IndexFactory factory, IndexSelection selection, ILogger<IndexRouter> logger)
    {
        _logger = logger;
        _route = new Route(factory.Create(selection.Kind, isFresh: false), null);
    }

    public bool IsShared => _route.Current.IsShared;

    /// <summary>The index in use.</summary>
    public IFaceIndex Current => _route.Current;

    /// <summary>From now on writes go to this one too.</summary>
    public void Begin(IFaceIndex target)
    {
        _doubtful.Clear();
        _route = new Route(_route.Current, target);
    }

    /// <summary>Galleries whose last write the new index may have missed; told once.</summary>
    public IReadOnlyList<GalleryKey> TakeDoubtful() => [.. _doubtful.Keys.Where(gallery => _doubtful.TryRemove(gallery, out _))];

    /// <summary>Reads and writes go to the new index.</summary>
    /// <returns>The old one, when nobody reads it any more.</returns>
    public async Task<IFaceIndex> CompleteAsync(CancellationToken cancellationToken)
    {
        var old = _route;
        _route = new Route(old.Target ?? throw new InvalidOperationException("There is no move."), null);
        await old.DrainAsync().WaitAsync(cancellationToken);
        return old.Current;
    }

    /// <summary>Writes go to the index in use alone again.</summary>
    public void GiveUp() => _route = new Route(_route.Current, null);

    public Task<bool> CheckAsync(CancellationToken cancellationToken) => _route.Current.CheckAsync(cancellationToken);

    public Task PrepareAsync(GalleryKey gallery, EmbeddingSpace? space, CancellationToken cancellationToken) =>
        WriteAsync(gallery, index => index.PrepareAsync(gallery, space, cancellationToken));

    public Task UpsertAsync(GalleryKey gallery, IReadOnlyList<FaceVector> faces, CancellationToken cancellationToken) =>
        WriteAsync(gallery, index => index.UpsertAsync(gallery, faces, cancellationToken));

    public Task DeleteFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken) =>
        WriteAsync(gallery, index => index.DeleteFacesAsync(gallery, faceIds, cancellationToken));

    public Task DeletePersonAsync(GalleryKey gallery, string personId, CancellationToken cancellationToken) =>
        WriteAsync(gallery, index => index.DeletePersonAsync(gallery, personId, cancellationToken));

    public Task DeleteGalleryAsync(GalleryKey gallery, CancellationToken cancellationToken) =>
        WriteAsync(gallery, index => index.DeleteGalleryAsync(gallery, cancellationToken));

    /// <summary>Only of the index in use: the other is compared with the store anyway.</summary>
    public Task ReplaceAsync(GalleryKey gallery, IAsyncEnumerable<FaceVector> faces, CancellationToken cancellationToken) =>
        _route.Current.ReplaceAsync(gallery, faces, cancellationToken);

    public Task<IndexSize> GetSizeAsync(GalleryKey gallery, CancellationToken cancellationToken) => _route.Current.GetSizeAsync(gallery, cancellationToken);

    public IAsyncEnumerable<IndexedFace> ReadAsync(GalleryKey gallery, bool withEmbeddings, CancellationToken cancellationToken) =>
        _route.Current.ReadAsync(gallery, withEmbeddings, cancellationToken);

    public Task<IReadOnlySet<Guid>> FindFacesAsync(GalleryKey gallery, IReadOnlyList<Guid> faceIds, CancellationToken cancellationToken) =>
        _route.Current.FindFacesAsync(gallery, faceIds, cancellationToken);

    public Task<IReadOnlyList<GalleryKey>> ListGalleriesAsync(IReadOnlySet<GalleryKey> except, CancellationToken cancellationToken) =>
        _route.Current.ListGalleriesAsync(except, cancellationToken);

    public Task ClearAsync(CancellationToken cancellationToken) => _route.Current.ClearAsync(cancellationToken);

    public async Task<IndexSearch> SearchAsync(GalleryKey gallery, IReadOnlyList<float[]> probes, int maxPersons, CancellationToken cancellationToken)
    {
        Route route;
        do
        {
            route = _route;
        }
        while (!route.TryEnter());

        try
        {
            return await route.Current.SearchAsync(gallery, probes, maxPersons, cancellationToken);
        }
        finally
        {
            route.Leave();
        }
    }

    private async Task WriteAsync(GalleryKey gallery, Func<IFaceIndex, Task> write)
    {
        var route = _route;
        await write(route.Current);
        if (route.Target is null)
        {
            return;
        }

        try
        {
            await write(route.Target);
        }
        catch (Exception exception) when (exception is FailureException or OperationCanceledException or ArgumentException)
        {
            _doubtful.TryAdd(gallery, 0);
            Log.MoveMissedWrite(_logger, gallery.GalleryId, exception);
        }
    }

    private sealed class Route(IFaceIndex current, IFaceIndex? target)
    {
        // Of one search each, and one of the route itself until it is drained.
        private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _holders = 1;

        public IFaceIndex Current => current;

        public IFaceIndex? Target => target;

        public bool TryEnter()
        {
            while (true)
            {
                var holders = Volatile.Read(ref _holders);
                if (holders == 0)
                {
                    return false;
                }

                if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
                {
                    return true;
                }
            }
        }

        public void Leave()
        {
            if (Interlocked.Decrement(ref _holders) == 0)
            {
                _drained.TrySetResult();
            }
        }

        public Task DrainAsync()
        {
            Leave();
            return _drained.Task;
        }
    }
}
