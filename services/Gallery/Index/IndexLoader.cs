using System.Diagnostics;
using System.Threading.Channels;
using FaceCloud.Gallery.Store;
using FaceCloud.ServiceDefaults.Lifetime;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Fills the index from the store at start, and again for a gallery of which it is not known whether store and index agree.
/// Waits for a store that is away, and says so.
/// </summary>
public sealed class IndexLoader(
    GalleryStore store, IFaceIndex index, IndexState state, WriteLocks locks, StartSteps start, TimeProvider time, ILogger<IndexLoader> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Channel<GalleryKey> _doubtful = Channel.CreateUnbounded<GalleryKey>();

    /// <summary>Has the gallery read again from the store.</summary>
    public void Reload(GalleryKey gallery) => _doubtful.Writer.TryWrite(gallery);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.WaitAsync(stoppingToken);
        await UntilItWorksAsync(LoadAllAsync, stoppingToken);
        state.SetLoaded();

        await foreach (var gallery in _doubtful.Reader.ReadAllAsync(stoppingToken))
        {
            await UntilItWorksAsync(token => LoadAsync(gallery, token), stoppingToken);
            Log.IndexReloaded(logger, gallery.GalleryId);
        }
    }

    private async Task LoadAllAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        long faces = 0;
        var galleries = await store.ListAllGalleriesAsync(cancellationToken);
        foreach (var gallery in galleries)
        {
            await LoadAsync(gallery, cancellationToken);
            faces += (await index.GetSizeAsync(gallery, cancellationToken)).Faces;
        }

        Log.IndexLoaded(logger, faces, galleries.Count, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task LoadAsync(GalleryKey gallery, CancellationToken cancellationToken)
    {
        using var writing = await locks.EnterAsync(gallery, cancellationToken);
        if (await store.FindGalleryAsync(gallery, cancellationToken) is null)
        {
            await index.DeleteGalleryAsync(gallery, cancellationToken);
        }
        else
        {
            await index.ReplaceAsync(gallery, store.ReadVectorsAsync(gallery, cancellationToken), cancellationToken);
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
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Once, and again when it fails for another reason.
                if (said != exception.Message)
                {
                    said = exception.Message;
                    Log.IndexWaits(logger, Pause, exception);
                }

                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }
}
