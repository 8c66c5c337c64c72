using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>Which jobs may send photos on now, and how many are on the way. One rule for those who publish commands and those who take them.</summary>
internal static class SendingJobs
{
    /// <summary>
    /// Neither paused nor ended, and no job of a higher priority that may send has photos on the way. The queues are shared by all
    /// tenants, and so is the order.
    /// </summary>
    public static IQueryable<EnrolmentJob> Sending(this IngestionDbContext context) =>
        context.Jobs.Where(job =>
            !job.IsPaused
            && (job.State == JobState.Open || job.State == JobState.Closed)
            && !context.Jobs.Any(other =>
                other.Priority > job.Priority
                && other.Pending > 0
                && !other.IsPaused
                && (other.State == JobState.Open || other.State == JobState.Closed)));

    public static Task<bool> MaySendAsync(this IngestionDbContext context, string tenantId, string jobId) =>
        context.Sending().AnyAsync(job => job.TenantId == tenantId && job.JobId == jobId);

    /// <summary>Photos that were sent on and have no outcome yet; <paramref name="most"/> stands for more too.</summary>
    public static Task<int> CountOnTheWayAsync(this IngestionDbContext context, int most, CancellationToken cancellationToken) =>
        context.Items.Where(item => item.Outcome == null && !item.IsHeld).OrderBy(item => item.OverdueAt).Take(most).CountAsync(cancellationToken);
}
