using System.Diagnostics;
using System.Threading.Channels;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;
using FaceCloud.ServiceDefaults.Lifetime;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Fills the index from the store at start, or compares them where the index outlives this process; again for a gallery of which it
/// is not known whether they agree, when a shared index comes back or has lost what it held, and from time to time.
/// Waits for a store or index that is away, and says so.
/// </summary>
public sealed class IndexLoader(
    GalleryStore store,
    IFaceIndex index,
    IndexState state,
    IndexReconciler reconciler,
    WriteLocks locks,
    IOptions<IndexOptions> options,
    StartSteps start,
    TimeProvider time,
    ILogger<IndexLoader> logger) : BackgroundService
{
    private readonly Channel<GalleryKey> _doubtful = Channel.CreateUnbounded<GalleryKey>();

    /// <summary>Has the gallery compared with the store.</summary>
    public void Reload(GalleryKey gallery)
    {
        if (state.SetDoubtful(gallery))
        {
            _doubtful.Writer.TryWrite(gallery);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.WaitAsync(stoppingToken);
        await UntilItWorksAsync(LoadAllAsync, stoppingToken);
        state.SetLoaded();
        await Task.WhenAll(FollowAsync(stoppingToken), WatchAsync(stoppingToken));
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        await foreach (var gallery in _doubtful.Reader.ReadAllAsync(stoppingToken))
        {
            await UntilItWorksAsync(
                token =>
                {
                    // A write that fails from here on makes a new doubt.
                    state.ClearDoubt(gallery);
                    return LoadDoubtfulAsync(gallery, token);
                },
                stoppingToken);
            Log.IndexReloaded(logger, gallery.GalleryId);
        }
    }

    private async Task LoadDoubtfulAsync(GalleryKey gallery, CancellationToken cancellationToken)
    {
        try
        {
            await LoadAsync(gallery, cancellationToken);
        }
        catch
        {
            state.SetDoubtful(gallery);
            throw;
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckInterval, time);
        var compared = time.GetTimestamp();
        var isAway = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!index.IsShared)
            {
                if (isAway)
                {
                    // Switched away from the one that was away.
                    isAway = false;
                    state.SetTrouble(null);
                }

                continue;
            }

            try
            {
                var isComplete = await index.CheckAsync(stoppingToken);
                state.SetTrouble(null);
                if (!isComplete)
                {
                    Log.IndexLost(logger);
                    state.SetLost();
                    await UntilItWorksAsync(LoadAllAsync, stoppingToken);
                    state.SetLoaded();
                }
                else if (isAway || time.GetElapsedTime(compared) >= options.Value.VerifyInterval)
                {
                    await LoadAllAsync(stoppingToken);
                }
                else
                {
                    continue;
                }

                (isAway, compared) = (false, time.GetTimestamp());
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (!isAway)
                {
                    Log.IndexAway(logger, exception);
                }

                isAway = true;
                state.SetTrouble(exception);
            }
        }
    }

    private async Task LoadAllAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        long faces = 0;
        var galleries = await store.ListAllGalleriesAsync(cancellationToken);
        foreach (var gallery in galleries)
        {
            faces += await LoadAsync(gallery, cancellationToken);
        }

        if (index.IsShared)
        {
            foreach (var stray in await index.ListGalleriesAsync(galleries.ToHashSet(), cancellationToken))
            {
                // It may have been made just now.
                await reconciler.ReconcileAsync(index, stray, withValues: false, repair: true, cancellationToken);
            }
        }

        Log.IndexLoaded(logger, faces, galleries.Count, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <returns>Faces of the gallery.</returns>
    private async Task<long> LoadAsync(GalleryKey gallery, CancellationToken cancellationToken)
    {
        if (index.IsShared)
        {
            return (await reconciler.ReconcileAsync(index, gallery, withValues: false, repair: true, cancellationToken)).Faces;
        }

        using var writing = await locks.EnterAsync(gallery, cancellationToken);
        if (await store.FindGalleryAsync(gallery, cancellationToken) is null)
        {
            await index.DeleteGalleryAsync(gallery, cancellationToken);
            return 0;
        }

        var damaged = 0;
        await index.ReplaceAsync(gallery, store.ReadVectorsAsync(gallery, Damaged, cancellationToken), cancellationToken);
        state.SetDamaged(gallery, damaged);
        return (await index.GetSizeAsync(gallery, cancellationToken)).Faces;

        // Several readers at once.
        void Damaged(Guid id, FailureException failure)
        {
            Interlocked.Increment(ref damaged);
            Log.FaceDamaged(logger, gallery.GalleryId, failure.Message);
        }
    }

    private async Task UntilItWorksAsync(Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        string? said = null;
        while (true)
        {
            try
            {
                await work(stoppingToken);
                state.SetTrouble(null);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                state.SetTrouble(exception);

                // Once, and again when it fails for another reason.
                if (said != exception.Message)
                {
                    said = exception.Message;
                    Log.IndexWaits(logger, options.Value.RetryPause, exception);
                }

                await Task.Delay(options.Value.RetryPause, time, stoppingToken);
            }
        }
    }
}
