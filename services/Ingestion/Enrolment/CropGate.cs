using FaceCloud.Contracts;
using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// Stands before the work on a photo: commands may lie in the queue by the hundred thousand when their job is paused or cancelled,
/// or when a job of a higher priority comes.
/// </summary>
public sealed class CropGate(IngestionStore store)
{
    public async Task<ItemStanding> LookAsync(EnrolmentTarget target, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(
            context => Item(context, target)
                .Select(_ => new { MaySend = context.Sending().Any(job => job.TenantId == target.TenantId && job.JobId == target.JobId) })
                .SingleOrDefaultAsync(cancellationToken),
            cancellationToken);
        return found switch
        {
            null => ItemStanding.Settled,
            { MaySend: true } => ItemStanding.Ready,
            _ => ItemStanding.Waits,
        };
    }

    /// <summary>The item's command may be dropped: <see cref="HeldItems"/> publishes it again. Also when the job may send by now.</summary>
    public Task HoldAsync(EnrolmentTarget target, CancellationToken cancellationToken) =>
        store.WriteAsync(
            context => Item(context, target).ExecuteUpdateAsync(set => set.SetProperty(item => item.IsHeld, true), cancellationToken),
            cancellationToken);

    private static IQueryable<EnrolmentItem> Item(IngestionDbContext context, EnrolmentTarget target) =>
        context.Items.Where(item =>
            item.TenantId == target.TenantId
            && item.JobId == target.JobId
            && item.ItemId == target.ItemId
            && item.Attempt == target.Attempt
            && item.Outcome == null);
}
