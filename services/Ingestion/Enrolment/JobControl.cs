using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// Pause, resume, cancel and retry. Each is one transaction under the job's lock, as every outcome is, so an item has one outcome
/// whatever comes at the same time; a crash before the commit has done nothing, one after it has done all.
/// </summary>
public sealed class JobControl(
    IngestionStore store, CancelledJobs cancelledJobs, IOptions<IngestionOptions> options, TimeProvider time, ILogger<JobControl> logger)
{
    /// <summary>The job goes on taking photos, but sends none on; commands that are in the queue are put back. Safe to repeat.</summary>
    /// <exception cref="FailureException">JobNotFound, JobEnded.</exception>
    public async Task<EnrolmentJob> PauseAsync(string tenantId, string jobId, CancellationToken cancellationToken)
    {
        var (job, changed) = await ChangeAsync(tenantId, jobId, job => job.Pause(time.GetStoreNow()), cancellationToken);
        if (changed)
        {
            Log.JobPaused(logger, jobId);
        }

        return job;
    }

    /// <summary>The job sends its photos on. Safe to repeat.</summary>
    /// <exception cref="FailureException">JobNotFound, JobEnded.</exception>
    public async Task<EnrolmentJob> ResumeAsync(string tenantId, string jobId, CancellationToken cancellationToken)
    {
        var (job, changed) = await ChangeAsync(tenantId, jobId, job => job.Resume(time.GetStoreNow()), cancellationToken);
        if (changed)
        {
            Log.JobResumed(logger, jobId);
        }

        return job;
    }

    /// <summary>
    /// Ends the job: every item without an outcome gets CANCELLED, now and for good. A face whose photo was being encoded may still be
    /// stored; its item stays cancelled. Safe to repeat.
    /// </summary>
    /// <exception cref="FailureException">JobNotFound; JobEnded: it is completed.</exception>
    public async Task<EnrolmentJob> CancelAsync(string tenantId, string jobId, CancellationToken cancellationToken)
    {
        var (job, cancelled) = await store.WriteAsync(
            async context =>
            {
                var locked = await LockAsync(context, tenantId, jobId, cancellationToken);
                if (locked.State == JobState.Cancelled)
                {
                    return (locked, null);
                }

                ThrowIfEnded(locked);
                DateTimeOffset? now = time.GetStoreNow();
                EnrolOutcome? outcome = EnrolOutcome.Cancelled;
                var count = await context.Items
                    .Where(item => item.TenantId == tenantId && item.JobId == jobId && item.Outcome == null)
                    .ExecuteUpdateAsync(
                        set => set
                            .SetProperty(item => item.Outcome, outcome)
                            .SetProperty(item => item.FinishedAt, now)
                            .SetProperty(item => item.IsHeld, false),
                        cancellationToken);
                locked.Cancel(now.Value);
                return (locked, (int?)count);
            },
            cancellationToken);
        if (cancelled is { } items)
        {
            Telemetry.CountCancelled(items);
            Log.JobCancelled(logger, jobId, items);
            cancelledJobs.Add(job);
        }

        return job;
    }

    /// <summary>
    /// Sends failed items again: those that are named, or without names all whose failure may heal (<see cref="FailureHealing"/>).
    /// Items with another outcome stay as they are. Safe to repeat: what is on the way already is no failed item.
    /// </summary>
    /// <exception cref="FailureException">JobNotFound; JobEnded: it is cancelled.</exception>
    public async Task<Retried> RetryAsync(string tenantId, string jobId, IReadOnlyCollection<Guid> itemIds, CancellationToken cancellationToken)
    {
        var retried = await store.WriteAsync(
            async context =>
            {
                var locked = await LockAsync(context, tenantId, jobId, cancellationToken);
                if (locked.State == JobState.Cancelled)
                {
                    throw JobFailures.Ended(locked);
                }

                var failed = Failed(context, tenantId, jobId, itemIds);
                var counts = await failed
                    .GroupBy(item => new { item.ErrorReason, item.Reasons })
                    .Select(group => new { group.Key.ErrorReason, group.Key.Reasons, Count = group.LongCount() })
                    .ToListAsync(cancellationToken);
                if (counts.Count == 0)
                {
                    return new Retried(locked, 0);
                }

                var now = time.GetStoreNow();
                await SendAgainAsync(failed, now, cancellationToken);
                locked.Retry([.. counts.Select(group => (Words(group.Reasons, group.ErrorReason), group.Count))], now);
                return new Retried(locked, counts.Sum(group => group.Count));
            },
            cancellationToken);
        if (retried.Items > 0)
        {
            Log.ItemsRetried(logger, jobId, retried.Items);
        }

        return retried;
    }

    private static IQueryable<EnrolmentItem> Failed(IngestionDbContext context, string tenantId, string jobId, IReadOnlyCollection<Guid> itemIds)
    {
        var failed = context.Items.Where(item => item.TenantId == tenantId && item.JobId == jobId && item.Outcome == EnrolOutcome.Failed);
        if (itemIds.Count > 0)
        {
            return failed.Where(item => itemIds.Contains(item.ItemId));
        }

        var healing = FailureHealing.Reasons;
        return failed.Where(item => item.ErrorReason != null && healing.Contains(item.ErrorReason));
    }

    private static IReadOnlyList<string> Words(IReadOnlyList<QualityReason> reasons, string? errorReason)
    {
        var words = reasons.Select(QualityReasons.ToWire);
        return [.. errorReason is null ? words : words.Append(errorReason)];
    }

    private static void ThrowIfEnded(EnrolmentJob job)
    {
        if (job.HasEnded)
        {
            throw JobFailures.Ended(job);
        }
    }

    private static async Task<EnrolmentJob> LockAsync(IngestionDbContext context, string tenantId, string jobId, CancellationToken cancellationToken) =>
        await context.LockJobAsync(tenantId, jobId, cancellationToken) ?? throw JobFailures.NotFound(jobId);

    private Task SendAgainAsync(IQueryable<EnrolmentItem> failed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        EnrolOutcome? noOutcome = null;
        IReadOnlyList<QualityReason> noReasons = [];
        string? noText = null;
        DateTimeOffset? never = null;
        DateTimeOffset? retriedAt = now;
        Guid? noFace = null;
        var overdueAt = now + options.Value.OverdueAfter;
        return failed.ExecuteUpdateAsync(
            set => set
                .SetProperty(item => item.Outcome, noOutcome)
                .SetProperty(item => item.Reasons, noReasons)
                .SetProperty(item => item.ErrorReason, noText)
                .SetProperty(item => item.Message, noText)
                .SetProperty(item => item.FaceId, noFace)
                .SetProperty(item => item.FinishedAt, never)
                .SetProperty(item => item.Attempt, item => item.Attempt + 1)
                .SetProperty(item => item.RetriedAt, retriedAt)
                .SetProperty(item => item.OverdueAt, overdueAt)
                .SetProperty(item => item.OverdueCount, 0)
                .SetProperty(item => item.IsHeld, true),
            cancellationToken);
    }

    private Task<(EnrolmentJob Job, bool Changed)> ChangeAsync(
        string tenantId, string jobId, Func<EnrolmentJob, bool> change, CancellationToken cancellationToken) =>
        store.WriteAsync(
            async context =>
            {
                var locked = await LockAsync(context, tenantId, jobId, cancellationToken);
                ThrowIfEnded(locked);
                return (locked, change(locked));
            },
            cancellationToken);
}
