using FaceCloud.Ingestion.Store;
using FaceCloud.ServiceDefaults.Lifetime;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// Publishes the commands of held items as soon as their jobs may send. An item is taken under its job's lock before its command goes
/// out, so that of several processes one publishes it; if that one dies in between, the item is overdue some time later.
/// </summary>
public sealed class HeldItems(
    IngestionStore store,
    CropCommands commands,
    IBusControl bus,
    IOptions<IngestionOptions> options,
    StartSteps start,
    TimeProvider time,
    ILogger<HeldItems> logger) : BackgroundService
{
    private const int Page = 200;
    private const int JobsAtOnce = 50;

    /// <summary>Sends on everything that may be sent now, a page a job in turn. Answers how many items.</summary>
    public async Task<int> ReleaseAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        while (true)
        {
            // Asked anew after every page: the house may be full, a job paused, or one of a higher priority come, at any time.
            var onTheWay = await store.ReadAsync(context => context.CountOnTheWayAsync(options.Value.MostPending, cancellationToken), cancellationToken);
            if (onTheWay >= options.Value.MostPending)
            {
                break;
            }

            var jobs = await store.ReadAsync(
                context => context.Sending()
                    .Where(job => context.Items.Any(item => item.TenantId == job.TenantId && item.JobId == job.JobId && item.IsHeld))
                    .OrderBy(job => job.CreatedAt)
                    .Select(job => new { job.TenantId, job.JobId })
                    .Take(JobsAtOnce)
                    .ToListAsync(cancellationToken),
                cancellationToken);
            var released = 0;
            foreach (var job in jobs)
            {
                released += await ReleaseAsync(job.TenantId, job.JobId, cancellationToken);
            }

            if (released == 0)
            {
                break;
            }

            count += released;
        }

        if (count > 0)
        {
            Log.HeldItemsReleased(logger, count);
        }

        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.WaitAsync(stoppingToken);
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
        using var timer = new PeriodicTimer(options.Value.HeldInterval, time);
        do
        {
            try
            {
                await ReleaseAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.SweepFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> ReleaseAsync(string tenantId, string jobId, CancellationToken cancellationToken)
    {
        var (job, items) = await store.WriteAsync(context => TakeAsync(context, tenantId, jobId, cancellationToken), cancellationToken);
        try
        {
            await Task.WhenAll(items.Select(item => commands.PublishAsync(job!, item, cancellationToken)));
        }
        catch
        {
            // Which of them the broker has is not known; one command too many changes nothing.
            await HoldAsync([.. items.Select(item => item.ItemId)]);
            throw;
        }

        return items.Count;
    }

    private async Task<(EnrolmentJob? Job, List<EnrolmentItem> Items)> TakeAsync(
        IngestionDbContext context, string tenantId, string jobId, CancellationToken cancellationToken)
    {
        var job = await context.LockJobAsync(tenantId, jobId, cancellationToken);
        if (job is null or { IsPaused: true } or { HasEnded: true })
        {
            return (job, []);
        }

        var items = await context.Items
            .Where(item => item.TenantId == tenantId && item.JobId == jobId && item.IsHeld && item.Outcome == null)
            .OrderBy(item => item.ItemId)
            .Take(Page)
            .ToListAsync(cancellationToken);
        foreach (var item in items)
        {
            (item.IsHeld, item.OverdueAt) = (false, time.GetStoreNow() + options.Value.OverdueAfter);
        }

        return (job, items);
    }

    private Task HoldAsync(Guid[] ids) =>
        store.WriteAsync(
            context => context.Items
                .Where(item => ids.Contains(item.ItemId) && item.Outcome == null)
                .ExecuteUpdateAsync(set => set.SetProperty(item => item.IsHeld, true), CancellationToken.None),
            CancellationToken.None);
}
