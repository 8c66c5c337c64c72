using System.Threading.Channels;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// What a cancel leaves to do, while nobody waits for it: the photos are deleted, and whoever listens for outcomes is told of those that
/// the cancel wrote. When this process dies meanwhile, <see cref="PhotoSweeper"/> deletes the rest, and the job alone tells.
/// </summary>
public sealed class CancelledJobs(IngestionStore store, IPhotoStore photos, IBus bus, ILogger<CancelledJobs> logger) : BackgroundService
{
    private const int Page = 200;

    private readonly Channel<EnrolmentJob> _jobs = Channel.CreateUnbounded<EnrolmentJob>();

    /// <summary>Takes note of a job that was cancelled just now.</summary>
    public void Add(EnrolmentJob job) => _jobs.Writer.TryWrite(job);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in _jobs.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await FinishAsync(job, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.SweepFailed(logger, exception);
            }
        }
    }

    // A cancelled job cannot be retried, so the photos of its failed items go too.
    private async Task FinishAsync(EnrolmentJob job, CancellationToken cancellationToken)
    {
        var last = Guid.Empty;
        while (true)
        {
            var page = await store.ReadAsync(
                context => context.Items
                    .Where(item => item.TenantId == job.TenantId && item.JobId == job.JobId && item.ItemId.CompareTo(last) > 0)
                    .Where(item => item.Outcome == EnrolOutcome.Cancelled || item.Outcome == EnrolOutcome.Failed)
                    .OrderBy(item => item.ItemId)
                    .Take(Page)
                    .ToListAsync(cancellationToken),
                cancellationToken);
            foreach (var item in page)
            {
                await photos.DeleteAsync(PhotoKeys.Of(item.ItemId), cancellationToken);
                if (item.Outcome == EnrolOutcome.Cancelled)
                {
                    await bus.Publish(new EnrolmentOutcome { Target = CropCommands.Target(job, item), Outcome = EnrolOutcome.Cancelled }, cancellationToken);
                }
            }

            if (page.Count < Page)
            {
                return;
            }

            last = page[^1].ItemId;
        }
    }
}
