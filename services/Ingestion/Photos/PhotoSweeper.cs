using FaceCloud.Ingestion.Store;
using FaceCloud.ServiceDefaults.Lifetime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Photos;

/// <summary>Deletes photos that no item waits for: a crash between storing and booking, or between outcome and deletion, leaves such.</summary>
public sealed class PhotoSweeper(
    IPhotoStore photos, IngestionStore store, IOptions<IngestionOptions> options, StartSteps start, TimeProvider time, ILogger<PhotoSweeper> logger) : BackgroundService
{
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var deleted = await photos.SweepAsync(time.GetUtcNow() - options.Value.PhotoLeftoverAge, StillNeededAsync, cancellationToken);
        if (deleted > 0)
        {
            Log.PhotosSwept(logger, deleted);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.PhotoSweepInterval, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.SweepFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<IReadOnlySet<string>> StillNeededAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var ids = keys.Select(PhotoKeys.ItemOf).OfType<Guid>().ToArray();
        var pending = await store.ReadAsync(
            context => context.Items.Where(item => item.Outcome == null && ids.Contains(item.ItemId)).Select(item => item.ItemId).ToListAsync(cancellationToken),
            cancellationToken);
        return pending.Select(PhotoKeys.Of).ToHashSet();
    }
}
