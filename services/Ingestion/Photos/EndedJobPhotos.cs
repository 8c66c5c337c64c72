using System.Threading.Channels;
using FaceCloud.Contracts;
using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Photos;

/// <summary>
/// Deletes the photos of a cancelled job, while nobody waits for it. What this process does not get done <see cref="PhotoSweeper"/> does.
/// </summary>
public sealed class EndedJobPhotos(IngestionStore store, IPhotoStore photos, ILogger<EndedJobPhotos> logger) : BackgroundService
{
    private const int Page = 500;

    private readonly Channel<(string TenantId, string JobId)> _jobs = Channel.CreateUnbounded<(string, string)>();

    public void Delete(string tenantId, string jobId) => _jobs.Writer.TryWrite((tenantId, jobId));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (tenantId, jobId) in _jobs.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await DeleteAsync(tenantId, jobId, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.SweepFailed(logger, exception);
            }
        }
    }

    // A cancelled job cannot be retried, so the photos of its failed items go too.
    private async Task DeleteAsync(string tenantId, string jobId, CancellationToken cancellationToken)
    {
        var last = Guid.Empty;
        while (true)
        {
            var page = await store.ReadAsync(
                context => context.Items
                    .Where(item => item.TenantId == tenantId && item.JobId == jobId && item.ItemId.CompareTo(last) > 0)
                    .Where(item => item.Outcome == EnrolOutcome.Cancelled || item.Outcome == EnrolOutcome.Failed)
                    .OrderBy(item => item.ItemId)
                    .Take(Page)
                    .Select(item => item.ItemId)
                    .ToListAsync(cancellationToken),
                cancellationToken);
            foreach (var itemId in page)
            {
                await photos.DeleteAsync(PhotoKeys.Of(itemId), cancellationToken);
            }

            if (page.Count < Page)
            {
                return;
            }

            last = page[^1];
        }
    }
}
