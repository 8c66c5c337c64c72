using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index.Moves;

/// <summary>
/// Fills a new index beside the one in use, and changes over when it is found right; nobody waits for it. The same for a rebuild
/// (the new one is of the same kind) and a switch. First writes go to both; then each gallery is filled and compared; what a failed
/// write leaves behind is compared again. A move that is cut short by a stop goes on at the next start.
/// </summary>
internal sealed class IndexMover(
    IndexRouter router,
    IndexSelection selection,
    IndexFactory factory,
    IndexReconciler reconciler,
    GalleryStore store,
    WriteLocks locks,
    IOptions<IndexOptions> options,
    TimeProvider time,
    ILogger<IndexMover> logger)
{
    // Times that a gallery may still differ after it was filled, each for a write that came between.
    private const int MaxPasses = 10;

    /// <param name="kind">Of the new index.</param>
    /// <param name="isResumed">What an earlier process began is gone on with, not dropped.</param>
    /// <param name="report">Told at every step: galleries done, of how many, drift found after filling, what is waited for.</param>
    /// <param name="cancellationToken">Gives the move up; the index in use stays.</param>
    public async Task MoveAsync(IndexKind kind, bool isResumed, Action<int, int, Drift, string> report, CancellationToken cancellationToken)
    {
        var target = factory.Create(kind, isFresh: true);
        if (!isResumed)
        {
            await target.ClearAsync(cancellationToken);
            selection.Begin(kind);
        }

        router.Begin(target);
        var done = new HashSet<GalleryKey>();
        var drift = default(Drift);
        try
        {
            while (true)
            {
                var galleries = await AgainAsync(token => store.ListAllGalleriesAsync(token), Say, cancellationToken);
                var doubtful = router.TakeDoubtful();
                var next = galleries.Where(gallery => !done.Contains(gallery)).Union(doubtful).ToList();
                if (next.Count == 0)
                {
                    break;
                }

                foreach (var gallery in next)
                {
                    drift += await AgainAsync(token => FillAsync(target, gallery, token), Say, cancellationToken);
                    done.Add(gallery);
                    report(done.Count, Math.Max(galleries.Count, done.Count), drift, "");
                }

                void Say(string message) => report(done.Count, Math.Max(done.Count, 1), drift, message);
            }

            await DropStraysAsync(target, cancellationToken);
            await target.ActivateAsync(cancellationToken);
        }
        catch
        {
            // Stopped with the process: it goes on at the next start. Otherwise nothing of it shall stay.
            if (!cancellationToken.IsCancellationRequested)
            {
                await GiveUpAsync(target);
            }

            throw;
        }

        var before = selection.Kind;
        selection.Complete();
        var old = await router.CompleteAsync(CancellationToken.None);
        if (before != kind)
        {
            await DropAsync(old);
        }

        // Other processes have written to what was in use until the moment of the change.
        foreach (var gallery in done.Where(_ => target.IsShared))
        {
            await reconciler.ReconcileAsync(target, gallery, withValues: false, repair: true, CancellationToken.None);
        }
    }

    /// <summary>After a move was cancelled by its operator.</summary>
    public Task GiveUpAsync(IndexKind kind) => GiveUpAsync(factory.Create(kind, isFresh: true));

    private async Task GiveUpAsync(IFaceIndex target)
    {
        router.GiveUp();
        selection.GiveUp();
        await DropAsync(target);
    }

    // It may be away for good, which can be the reason for the move.
    private async Task DropAsync(IFaceIndex index)
    {
        try
        {
            await index.ClearAsync(CancellationToken.None);
        }
        catch (FailureException exception)
        {
            Log.MoveLeftovers(logger, exception);
        }
    }

    // Filled, and then compared until nothing differs: what differs then came in by a write at the same moment.
    private async Task<Drift> FillAsync(IFaceIndex target, GalleryKey gallery, CancellationToken cancellationToken)
    {
        using (await locks.EnterAsync(gallery, cancellationToken))
        {
            // Every writer that did not know of the new index has ended.
        }

        await reconciler.ReconcileAsync(target, gallery, withValues: true, repair: true, cancellationToken);
        var drift = default(Drift);
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var now = await reconciler.ReconcileAsync(target, gallery, withValues: true, repair: true, cancellationToken);
            if (now.IsNone)
            {
                return drift with { Faces = now.Faces, Damaged = now.Damaged };
            }

            drift += now;
        }

        throw new FailureException(
            FailureReason.IndexUnavailable, $"The new index does not keep what is written to it: gallery '{gallery.GalleryId}' still differs after {MaxPasses} comparisons.");
    }

    private async Task DropStraysAsync(IFaceIndex target, CancellationToken cancellationToken)
    {
        var galleries = await store.ListAllGalleriesAsync(cancellationToken);
        foreach (var stray in await target.ListGalleriesAsync(galleries.ToHashSet(), cancellationToken))
        {
            await reconciler.ReconcileAsync(target, stray, withValues: false, repair: true, cancellationToken);
        }
    }

    // Either of them may be away for a while; the index in use answers meanwhile.
    private async Task<T> AgainAsync<T>(Func<CancellationToken, Task<T>> work, Action<string> say, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work(cancellationToken);
            }
            catch (FailureException exception) when (exception.Reason is FailureReason.IndexUnavailable or FailureReason.StoreUnavailable)
            {
                Log.MoveWaits(logger, options.Value.RetryPause, exception);
                say($"Waiting: {exception.Message}");
                await Task.Delay(options.Value.RetryPause, time, cancellationToken);
            }
        }
    }
}
