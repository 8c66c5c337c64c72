using System.Threading.Channels;
using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>
/// Writes new items down. What comes in while one transaction is on its way to the disk goes into the next one together:
/// a commit waits for the disk (milliseconds), and one a photo would be the slowest step of an upload.
/// </summary>
public sealed class ItemBook : IAsyncDisposable
{
    private const int MostInOne = 64;

    private readonly IngestionStore _store;
    private readonly IngestionOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(MostInOne);
    private readonly Task _writing;

    public ItemBook(IngestionStore store, IOptions<IngestionOptions> options, TimeProvider time)
    {
        (_store, _options, _time) = (store, options.Value, time);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>
    /// Books the photo on its job, unless it is there already. No item in the answer: there is no such job (none in the answer either),
    /// or it takes no more photos.
    /// </summary>
    public async Task<Booked> BookAsync(string tenantId, NewPhoto photo, Guid itemId, string sha256, CancellationToken cancellationToken)
    {
        var entry = new Entry(tenantId, photo, itemId, sha256);
        await _entries.Writer.WriteAsync(entry, cancellationToken);
        return await entry.Answer.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<Entry>(MostInOne);
        while (await _entries.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostInOne && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            foreach (var job in batch.GroupBy(entry => (entry.TenantId, entry.Photo.JobId)))
            {
                await WriteAsync(job.Key.TenantId, job.Key.JobId, [.. job]);
            }

            batch.Clear();
        }
    }

    private async Task WriteAsync(string tenantId, string jobId, IReadOnlyList<Entry> entries)
    {
        try
        {
            var answers = await _store.WriteAsync(context => BookAsync(context, tenantId, jobId, entries), CancellationToken.None);
            foreach (var (entry, answer) in entries.Zip(answers))
            {
                entry.Answer.SetResult(answer);
            }
        }
        catch (Exception exception)
        {
            // Each caller hears it; the next batch starts anew.
            foreach (var entry in entries)
            {
                entry.Answer.SetException(exception);
            }
        }
    }

    private async Task<List<Booked>> BookAsync(IngestionDbContext context, string tenantId, string jobId, IReadOnlyList<Entry> entries)
    {
        var job = await context.LockJobAsync(tenantId, jobId, CancellationToken.None);
        var ids = entries.Select(entry => entry.ItemId).Distinct().ToArray();
        var items = await context.Items
            .Where(item => item.TenantId == tenantId && item.JobId == jobId && ids.Contains(item.ItemId))
            .ToDictionaryAsync(item => item.ItemId);
        var now = _time.GetStoreNow();
        var answers = new List<Booked>(entries.Count);
        var mustWait = job is { State: JobState.Open }
            && !await context.Sending().AnyAsync(sending => sending.TenantId == tenantId && sending.JobId == jobId);
        foreach (var entry in entries)
        {
            var isNew = !items.TryGetValue(entry.ItemId, out var item) && job is { State: JobState.Open };
            if (isNew)
            {
                item = NewItem(entry, now, mustWait);
                items.Add(item.ItemId, item);
                context.Items.Add(item);
                job!.CountAccepted(now);
            }

            answers.Add(new Booked(job, item, isNew));
        }

        return answers;
    }

    private EnrolmentItem NewItem(Entry entry, DateTimeOffset now, bool mustWait) => new()
    {
        TenantId = entry.TenantId,
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
    /// <param name="Item">Null: the job takes no more photos.</param>
    /// <param name="IsNew">False: it was there before.</param>
    public sealed record Booked(EnrolmentJob? Job, EnrolmentItem? Item, bool IsNew);

    private sealed record Entry(string TenantId, NewPhoto Photo, Guid ItemId, string Sha256)
    {
        public TaskCompletionSource<Booked> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
