using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Store;
using FaceCloud.ServiceDefaults.Lifetime;
using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// Publishes the command of an item again that has had no outcome for long: it was lost between booking and publishing,
/// or with an in-memory bus. What is held is <see cref="HeldItems"/>' affair. After too many times the item ends as FAILED, so that every item has an outcome.
/// </summary>
public sealed class OverdueItems(
    IngestionStore store,
    CropCommands commands,
    IBusControl bus,
    IOptions<IngestionOptions> options,
    IOptions<MessagingOptions> messaging,
    StartSteps start,
    TimeProvider time,
    ILogger<OverdueItems> logger) : BackgroundService
{
    private const int Page = 200;
    private const int MostDoublings = 10;

    /// <summary>Publishes again what is overdue now. Answers how many items.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetStoreNow();
        var count = 0;
        while (true)
        {
            var page = await store.ReadAsync(
                context => Pairs(context, context.Items.Where(item => item.Outcome == null && !item.IsHeld && item.OverdueAt <= now).OrderBy(item => item.OverdueAt).Take(Page))
                    .ToListAsync(cancellationToken),
                cancellationToken);
            foreach (var (job, item) in page)
            {
                await SendOnAsync(job, item, now, cancellationToken);
            }

            count += page.Count;
            if (page.Count < Page)
            {
                break;
            }
        }

        if (count > 0)
        {
            Telemetry.CountOverdue(count);
            Log.ItemsOverdue(logger, count);
        }

        return count;
    }

    /// <summary>Publishes everything again that has no outcome: the bus of the process before this one is gone. Answers how many items.</summary>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        var until = time.GetStoreNow();
        var count = 0;
        EnrolmentItem? last = null;
        while (true)
        {
            var page = await store.ReadAsync(
                context =>
                {
                    var items = context.Items.Where(item => item.Outcome == null && !item.IsHeld && item.CreatedAt <= until);
                    if (last is not null)
                    {
                        items = items.Where(item => item.CreatedAt > last.CreatedAt || (item.CreatedAt == last.CreatedAt && item.ItemId.CompareTo(last.ItemId) > 0));
                    }

                    return Pairs(context, items.OrderBy(item => item.CreatedAt).ThenBy(item => item.ItemId).Take(Page)).ToListAsync(cancellationToken);
                },
                cancellationToken);
            foreach (var (job, item) in page)
            {
                await commands.PublishAsync(job, item, cancellationToken);
                last = item;
            }

            count += page.Count;
            if (page.Count < Page)
            {
                break;
            }
        }

        if (count > 0)
        {
            Log.ItemsResumed(logger, count);
        }

        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.WaitAsync(stoppingToken);
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        var resumed = messaging.Value.Transport != MessagingTransport.InMemory;
        do
        {
            try
            {
                if (!resumed)
                {
                    await ResumeAsync(stoppingToken);
                    resumed = true;
                }

                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.SweepFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static IQueryable<Pair> Pairs(IngestionDbContext context, IQueryable<EnrolmentItem> items) =>
        items.Join(
            context.Jobs,
            item => new { item.TenantId, item.JobId },
            job => new { job.TenantId, job.JobId },
            (item, job) => new Pair(job, item));

    private async Task SendOnAsync(EnrolmentJob job, EnrolmentItem item, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (item.OverdueCount < options.Value.OverdueLimit)
        {
            await commands.PublishAsync(job, item, cancellationToken);
        }
        else
        {
            await bus.Publish(
                new EnrolmentOutcome
                {
                    Target = CropCommands.Target(job, item),
                    Outcome = EnrolOutcome.Failed,
                    ErrorReason = FailureReason.Internal.ToWire(),
                    Message = $"The photo had no outcome after {item.OverdueCount} more tries; send it again in another job, and look into the log of the workers.",
                },
                cancellationToken);
        }

        // Doubling: a system that is down for a day must not find a queue full of repetitions.
        var next = now + (options.Value.OverdueAfter * Math.Pow(2, Math.Min(item.OverdueCount + 1, MostDoublings)));
        await store.WriteAsync(
            context => context.Items
                .Where(row => row.TenantId == item.TenantId && row.JobId == item.JobId && row.ItemId == item.ItemId && row.Outcome == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.OverdueAt, next).SetProperty(row => row.OverdueCount, item.OverdueCount + 1),
                    cancellationToken),
            cancellationToken);
    }

    private sealed record Pair(EnrolmentJob Job, EnrolmentItem Item);
}
