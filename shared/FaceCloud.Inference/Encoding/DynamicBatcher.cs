using FaceCloud.Contracts.Failures;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Inference.Encoding;

/// <summary>
/// Gathers single items into batches for a number of lanes, each a thread of its own that runs one batch at a time.
/// Interactive items go strictly before bulk ones, also in that no batch holds both. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Without a waiting time, items are spread over the lanes, so that no lane idles while another has a long batch;
/// with one, a lane waits for a full batch or for the first item's time to be up.
/// </remarks>
public sealed class DynamicBatcher<TItem, TResult> : IDisposable
{
    private readonly object _gate = new();
    private readonly LinkedList<Pending> _interactive = new();
    private readonly LinkedList<Pending> _bulk = new();
    private readonly SemaphoreSlim _bulkRoom;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread[] _lanes;
    private readonly Func<int, IReadOnlyList<BatchItem<TItem>>, IReadOnlyList<TResult>> _run;
    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _maxBatch;
    private readonly TimeSpan _maxWait;
    private readonly int _interactiveCapacity;
    private bool _stopped;

    /// <param name="lanes">Batches that run at the same time.</param>
    /// <param name="maxBatch">Items in a batch at most.</param>
    /// <param name="maxWait">How long an item may be held back for a fuller batch.</param>
    /// <param name="options">The capacities.</param>
    /// <param name="run">Lane and items to as many results, in order. What it throws fails the items of its batch, and no others.</param>
    /// <param name="time">Clock of waiting times.</param>
    /// <param name="logger">Told of failing batches.</param>
    public DynamicBatcher(
        int lanes,
        int maxBatch,
        TimeSpan maxWait,
        BatchingOptions options,
        Func<int, IReadOnlyList<BatchItem<TItem>>, IReadOnlyList<TResult>> run,
        TimeProvider time,
        ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        (_maxBatch, _maxWait, _run, _time, _logger) = (maxBatch, maxWait, run, time, logger);
        _interactiveCapacity = options.InteractiveCapacity;
        _bulkRoom = new SemaphoreSlim(options.BulkCapacity, options.BulkCapacity);
        _timer = time.CreateTimer(_ => WakeAll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // Threads and not pool tasks: a run blocks its thread for all its time, and the pool would run out of them.
        _lanes = [.. Enumerable.Range(0, lanes).Select(lane => new Thread(() => RunLane(lane)) { IsBackground = true, Name = $"batch-lane-{lane}" })];
        foreach (var lane in _lanes)
        {
            lane.Start();
        }
    }

    /// <summary>Items that wait for a batch.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _interactive.Count + _bulk.Count;
            }
        }
    }

    /// <summary>
    /// Runs the items, in one batch or several. Interactive items are taken all or none. Cancelling takes those out that
    /// still wait; results of those that run are dropped.
    /// </summary>
    /// <exception cref="FailureException">EncoderBusy: interactive items find the queue full; EncoderUnavailable: it is closed; Internal: a batch failed.</exception>
    public async Task<Batched<TResult>[]> SubmitAsync(IReadOnlyList<TItem> items, EncodePriority priority, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new List<Pending>(items.Count);
        try
        {
            if (priority == EncodePriority.Interactive)
            {
                EnqueueInteractive(items, pending, cancellationToken);
            }
            else
            {
                foreach (var item in items)
                {
                    await WaitForRoomAsync(cancellationToken);
                    EnqueueBulk(item, pending, cancellationToken);
                }
            }

            return await Task.WhenAll(pending.Select(item => item.Done.Task));
        }
        catch
        {
            // The caller gets no result, so what is queued of its items need not be run.
            foreach (var item in pending)
            {
                Withdraw(item, cancellationToken);
            }

            throw;
        }
        finally
        {
            foreach (var item in pending)
            {
                await item.Registration.DisposeAsync();
            }
        }
    }

    /// <summary>Takes no more items and returns when those that wait are done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _stopping.Cancel();
        foreach (var lane in _lanes)
        {
            lane.Join();
        }

        _timer.Dispose();
    }

    private static FailureException Stopping() =>
        new(FailureReason.EncoderUnavailable, "The encoder is stopping; try again later or at another one.");

    private async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        if (_bulkRoom.Wait(0, CancellationToken.None))
        {
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            await _bulkRoom.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Stopping();
        }
    }

    private void EnqueueInteractive(IReadOnlyList<TItem> items, List<Pending> pending, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                throw Stopping();
            }

            if (_interactive.Count + items.Count > _interactiveCapacity)
            {
                throw new FailureException(
                    FailureReason.EncoderBusy, $"The encoder has {_interactive.Count} faces waiting, and room for {_interactiveCapacity}; try again in a moment.");
            }

            var now = _time.GetTimestamp();
            foreach (var item in items)
            {
                var entry = new Pending(item, now, _interactive);
                _interactive.AddLast(entry.Node);
                pending.Add(entry);
            }

            Monitor.PulseAll(_gate);
        }

        pending.ForEach(item => Watch(item, cancellationToken));
    }

    private void EnqueueBulk(TItem item, List<Pending> pending, CancellationToken cancellationToken)
    {
        var entry = new Pending(item, _time.GetTimestamp(), _bulk);
        lock (_gate)
        {
            if (_stopped)
            {
                _bulkRoom.Release();
                throw Stopping();
            }

            _bulk.AddLast(entry.Node);
            pending.Add(entry);
            Monitor.Pulse(_gate);
        }

        Watch(entry, cancellationToken);
    }

    private void Watch(Pending item, CancellationToken cancellationToken) =>
        item.Registration = cancellationToken.UnsafeRegister((_, token) => Withdraw(item, token), null);

    private void Withdraw(Pending item, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (item.Node.List is not null)
            {
                Remove(item);
            }
        }

        item.Done.TrySetCanceled(cancellationToken);
    }

    // Under the lock.
    private void Remove(Pending item)
    {
        item.Queue.Remove(item.Node);
        if (item.Queue == _bulk)
        {
            _bulkRoom.Release();
        }
    }

    private void WakeAll()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void RunLane(int lane)
    {
        while (Take() is { } batch)
        {
            Run(lane, batch);
        }
    }

    // Blocks until there is a batch; null: there will be none any more.
    private List<Pending>? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                var queue = _interactive.Count > 0 ? _interactive : _bulk;
                if (queue.Count > 0 && IsDue(queue))
                {
                    var batch = new List<Pending>();
                    for (var left = SizeOf(queue); left > 0; left--)
                    {
                        var item = queue.First!.Value;
                        Remove(item);
                        batch.Add(item);
                    }

                    return batch;
                }

                if (_stopped && queue.Count == 0)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }
        }
    }

    private bool IsDue(LinkedList<Pending> queue)
    {
        if (_maxWait == TimeSpan.Zero || _stopped || queue.Count >= _maxBatch)
        {
            return true;
        }

        var left = _maxWait - _time.GetElapsedTime(queue.First!.Value.Arrived);
        if (left <= TimeSpan.Zero)
        {
            return true;
        }

        // Timers count whole milliseconds.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return false;
    }

    // By all lanes, not only idle ones: those that are busy will be back for their share before a long batch is done.
    private int SizeOf(LinkedList<Pending> queue) =>
        Math.Min(_maxBatch, _maxWait == TimeSpan.Zero ? (queue.Count + _lanes.Length - 1) / _lanes.Length : queue.Count);

    private void Run(int lane, List<Pending> batch)
    {
        var start = _time.GetTimestamp();
        try
        {
            var results = _run(lane, batch.ConvertAll(item => new BatchItem<TItem>(item.Item, _time.GetElapsedTime(item.Arrived, start))));
            if (results.Count != batch.Count)
            {
                throw new InvalidOperationException($"A batch of {batch.Count} gave {results.Count} results.");
            }

            var running = _time.GetElapsedTime(start);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Done.TrySetResult(new Batched<TResult>(results[i], _time.GetElapsedTime(batch[i].Arrived, start), running));
            }
        }
        catch (Exception exception)
        {
            // Whatever it was, it must not end the lane: the items carry it to their callers.
            Log.BatchFailed(_logger, batch.Count, exception);
            foreach (var item in batch)
            {
                item.Done.TrySetException(exception is FailureException failure
                    ? new FailureException(failure.Reason, failure.Message, failure)
                    : new FailureException(FailureReason.Internal, "The encoder failed on a batch; its log has the details.", exception));
            }
        }
    }

    private sealed class Pending
    {
        public Pending(TItem item, long arrived, LinkedList<Pending> queue)
        {
            (Item, Arrived, Queue) = (item, arrived, queue);
            Node = new LinkedListNode<Pending>(this);
        }

        public TItem Item { get; }

        public long Arrived { get; }

        public LinkedList<Pending> Queue { get; }

        public LinkedListNode<Pending> Node { get; }

        public TaskCompletionSource<Batched<TResult>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenRegistration Registration { get; set; }
    }
}
