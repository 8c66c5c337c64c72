using FaceCloud.Contracts;
using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// Stands before the work on a photo: commands may lie in the queue by the hundred thousand when their job is paused or cancelled,
/// or when a job of a higher priority comes.
/// </summary>
public sealed class CropGate : IAsyncDisposable
{
    private readonly IngestionStore _store;
    private readonly Gathering<(string Tenant, string Job), (Guid Item, int Attempt), ItemStanding> _looking;

    public CropGate(IngestionStore store)
    {
        _store = store;
        _looking = new((job, items) => _store.ReadAsync(context => LookAsync(context, job.Tenant, job.Job, items), CancellationToken.None));
    }

    public Task<ItemStanding> LookAsync(EnrolmentTarget target, CancellationToken cancellationToken) =>
        _looking.AddAsync((target.TenantId, target.JobId), (target.ItemId, target.Attempt), cancellationToken);

    /// <summary>The item's command may be dropped: <see cref="HeldItems"/> publishes it again. Also when the job may send by now.</summary>
    public Task HoldAsync(EnrolmentTarget target, CancellationToken cancellationToken) =>
        _store.WriteAsync(
            context => context.Items
                .Where(item => item.ItemId == target.ItemId && item.Attempt == target.Attempt && item.Outcome == null)
                .ExecuteUpdateAsync(set => set.SetProperty(item => item.IsHeld, true), cancellationToken),
            cancellationToken);

    public ValueTask DisposeAsync() => _looking.DisposeAsync();

    private static async Task<IReadOnlyList<ItemStanding>> LookAsync(
        IngestionDbContext context, string tenantId, string jobId, IReadOnlyList<(Guid Item, int Attempt)> items)
    {
        var known = await context.FindItemsAsync(tenantId, jobId, items.Select(item => item.Item), CancellationToken.None);
        var maySend = await context.MaySendAsync(tenantId, jobId);
        return [.. items.Select(item =>
            !known.TryGetValue(item.Item, out var row) || row.Outcome is not null || row.Attempt != item.Attempt ? ItemStanding.Settled
            : maySend ? ItemStanding.Ready
            : ItemStanding.Waits)];
    }
}
