using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// Looks items up and writes new ones down, those of concurrent callers together: a commit waits for the disk (milliseconds), and
/// one a photo would be the slowest step of an upload.
/// </summary>
public sealed class ItemBook : IAsyncDisposable
{
    private readonly IngestionOptions _options;
    private readonly TimeProvider _time;
    private readonly Gathering<(string Tenant, string Job), Guid, Found> _finding;
    private readonly Gathering<(string Tenant, string Job), Entry, Booked> _booking;

    public ItemBook(IngestionStore store, IOptions<IngestionOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _finding = new((job, ids) => store.ReadAsync(context => FindAsync(context, job.Tenant, job.Job, ids), CancellationToken.None));
        _booking = new((job, entries) => store.WriteAsync(context => BookAsync(context, job.Tenant, job.Job, entries), CancellationToken.None));
    }

    /// <summary>The job and its item as they stand. Null: there is none.</summary>
    public Task<Found> FindAsync(string tenantId, string jobId, Guid itemId, CancellationToken cancellationToken) =>
        _finding.AddAsync((tenantId, jobId), itemId, cancellationToken);

    /// <summary>
    /// Books the photo on its job, unless it is there already. No item in the answer: there is no such job (none in the answer either),
    /// or it takes no more photos.
    /// </summary>
    public Task<Booked> BookAsync(string tenantId, NewPhoto photo, Guid itemId, string sha256, CancellationToken cancellationToken) =>
        _booking.AddAsync((tenantId, photo.JobId), new Entry(photo, itemId, sha256), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _finding.DisposeAsync();
        await _booking.DisposeAsync();
    }

    private static async Task<IReadOnlyList<Found>> FindAsync(IngestionDbContext context, string tenantId, string jobId, IReadOnlyList<Guid> ids)
    {
        var job = await context.Jobs.SingleOrDefaultAsync(row => row.TenantId == tenantId && row.JobId == jobId);
        var items = job is null ? [] : await context.FindItemsAsync(tenantId, jobId, ids, CancellationToken.None);
        return [.. ids.Select(id => new Found(job, items.GetValueOrDefault(id)))];
    }

    private async Task<IReadOnlyList<Booked>> BookAsync(IngestionDbContext context, string tenantId, string jobId, IReadOnlyList<Entry> entries)
    {
        var job = await context.LockJobAsync(tenantId, jobId, CancellationToken.None);
        var items = await context.FindItemsAsync(tenantId, jobId, entries.Select(entry => entry.ItemId), CancellationToken.None);
        var now = _time.GetStoreNow();
        var answers = new List<Booked>(entries.Count);
        var mustWait = job is { State: JobState.Open } && !await context.MaySendAsync(tenantId, jobId);
        foreach (var entry in entries)
        {
            var isNew = !items.TryGetValue(entry.ItemId, out var item) && job is { State: JobState.Open };
            if (isNew)
            {
                item = NewItem(tenantId, entry, now, mustWait);
                items.Add(item.ItemId, item);
                context.Items.Add(item);
                job!.CountAccepted(now);
            }

            answers.Add(new Booked(job, item, isNew));
        }

        return answers;
    }

    private EnrolmentItem NewItem(string tenantId, Entry entry, DateTimeOffset now, bool mustWait) => new()
    {
        TenantId = tenantId,
        JobId = entry.Photo.JobId,
        ItemId = entry.ItemId,
        PersonId = entry.Photo.PersonId,
        PersonName = entry.Photo.PersonName,
        Source = entry.Photo.Source,
        PhotoSha256 = entry.Sha256,
        CreatedAt = now,
        OverdueAt = now + _options.OverdueAfter,
        IsHeld = mustWait,
    };

    /// <param name="Job">Null: there is none.</param>
    /// <param name="Item">Null: there is none.</param>
    public sealed record Found(EnrolmentJob? Job, EnrolmentItem? Item);

    /// <param name="Job">Null: there is none.</param>
    /// <param name="Item">Null: the job takes no more photos.</param>
    /// <param name="IsNew">False: it was there before.</param>
    public sealed record Booked(EnrolmentJob? Job, EnrolmentItem? Item, bool IsNew);

    private sealed record Entry(NewPhoto Photo, Guid ItemId, string Sha256);
}
