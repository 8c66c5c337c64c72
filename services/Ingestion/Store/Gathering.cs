using System.Threading.Channels;

namespace FaceCloud.Ingestion.Store;

/// <summary>
/// Does work for several callers at once: what comes in while one piece is under way goes into the next one together, so that a store
/// that is slow or busy is asked less often, and one that is quick at once. Entries of different groups are worked on apart.
/// </summary>
public sealed class Gathering<TGroup, TEntry, TAnswer> : IAsyncDisposable
    where TGroup : notnull
{
    private const int MostInOne = 64;

    private readonly Func<TGroup, IReadOnlyList<TEntry>, Task<IReadOnlyList<TAnswer>>> _work;
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(MostInOne);
    private readonly Task _working;

    /// <param name="work">Answers all entries of a group, in their order. What it throws each of them hears; the next ones are worked on as ever.</param>
    public Gathering(Func<TGroup, IReadOnlyList<TEntry>, Task<IReadOnlyList<TAnswer>>> work)
    {
        _work = work;
        _working = Task.Run(WorkAsync);
    }

    /// <param name="group">What the entry belongs to.</param>
    /// <param name="entry">What to work on.</param>
    /// <param name="cancellationToken">Ends the waiting, not the work.</param>
    public async Task<TAnswer> AddAsync(TGroup group, TEntry entry, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(group, entry);
        await _waiting.Writer.WriteAsync(waiting, cancellationToken);
        return await waiting.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Returns when all that came in is done.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _working;
    }

    private async Task WorkAsync()
    {
        var batch = new List<Waiting>(MostInOne);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostInOne && _waiting.Reader.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }

            foreach (var group in batch.GroupBy(waiting => waiting.Group))
            {
                await AnswerAsync(group.Key, [.. group]);
            }

            batch.Clear();
        }
    }

    private async Task AnswerAsync(TGroup group, IReadOnlyList<Waiting> all)
    {
        try
        {
            var answers = await _work(group, [.. all.Select(waiting => waiting.Entry)]);
            foreach (var (waiting, answer) in all.Zip(answers))
            {
                waiting.Answer.SetResult(answer);
            }
        }
        catch (Exception exception)
        {
            foreach (var waiting in all)
            {
                waiting.Answer.TrySetException(exception);
            }
        }
    }

    private sealed class Waiting(TGroup group, TEntry entry)
    {
        public TGroup Group { get; } = group;

        public TEntry Entry { get; } = entry;

        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
