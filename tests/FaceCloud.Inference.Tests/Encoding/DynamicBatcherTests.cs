using System.Collections.Concurrent;
using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Encoding;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaceCloud.Inference.Tests.Encoding;

/// <summary>Batches of numbers; a batch stays in its lane until the test lets it go.</summary>
public sealed class DynamicBatcherTests : IDisposable
{
    private const int Poison = -1;

    private readonly FakeTimeProvider _time = new();
    private readonly BlockingCollection<int[]> _started = [];
    private readonly SemaphoreSlim _release = new(0);
    private DynamicBatcher<int, int>? _batcher;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmitAsync_BulkWaitsLonger_InteractiveGoesFirstAndUnmixed()
    {
        var batcher = Open(lanes: 1, maxBatch: 4, maxWait: TimeSpan.FromTicks(1));
        var busy = Occupy(batcher);
        var bulk = batcher.SubmitAsync([1, 2, 3], EncodePriority.Bulk, Cancellation);
        var interactive = batcher.SubmitAsync([10, 11], EncodePriority.Interactive, Cancellation);
        _time.Advance(TimeSpan.FromSeconds(1));

        _release.Release(3);

        await Task.WhenAll(busy, bulk, interactive);
        Assert.Equal([10, 11], Started());
        Assert.Equal([1, 2, 3], Started());
    }

    [Fact]
    public async Task SubmitAsync_InteractiveKeepsComing_BulkWaitsForAllOfIt()
    {
        var batcher = Open(lanes: 1, maxBatch: 1);
        var busy = Occupy(batcher);
        var bulk = batcher.SubmitAsync([1], EncodePriority.Bulk, Cancellation);
        var first = batcher.SubmitAsync([10], EncodePriority.Interactive, Cancellation);
        _release.Release();
        await busy;
        Assert.Equal([10], Started());
        var second = batcher.SubmitAsync([11], EncodePriority.Interactive, Cancellation);

        _release.Release(3);

        await Task.WhenAll(bulk, first, second);
        Assert.Equal([11], Started());
        Assert.Equal([1], Started());
    }

    [Fact]
    public async Task SubmitAsync_MoreThanABatch_ResultsInOrderOfItems()
    {
        var batcher = Open(lanes: 3, maxBatch: 7);
        _release.Release(1000);

        var results = await batcher.SubmitAsync([.. Enumerable.Range(0, 100)], EncodePriority.Bulk, Cancellation);

        Assert.Equal(Enumerable.Range(0, 100).Select(Square), results.Select(result => result.Result));
        Assert.All(Drain(), batch => Assert.InRange(batch.Length, 1, 7));
    }

    [Fact]
    public async Task SubmitAsync_NoWaitingTime_ItemsSpreadOverLanes()
    {
        var batcher = Open(lanes: 4, maxBatch: 32);
        var busy = Occupy(batcher, lanes: 4);
        var pending = batcher.SubmitAsync([.. Enumerable.Range(0, 8)], EncodePriority.Interactive, Cancellation);

        _release.Release(1000);

        await Task.WhenAll(busy, pending);
        var sizes = Drain().Select(batch => batch.Length).ToList();
        Assert.Equal(2, sizes[0]);
        Assert.All(sizes, size => Assert.InRange(size, 1, 2));
    }

    [Fact]
    public async Task SubmitAsync_InteractiveQueueFull_BusyForAllOfTheCallOthersUntouched()
    {
        var batcher = Open(lanes: 1, maxBatch: 1000, new BatchingOptions { InteractiveCapacity = 256 });
        var busy = Occupy(batcher);
        var fits = batcher.SubmitAsync([.. Enumerable.Range(0, 255)], EncodePriority.Interactive, Cancellation);

        var failure = await Assert.ThrowsAsync<FailureException>(() => batcher.SubmitAsync([1, 2], EncodePriority.Interactive, Cancellation));

        Assert.Equal(FailureReason.EncoderBusy, failure.Reason);
        Assert.Equal(255, batcher.Waiting);
        _release.Release(1000);
        Assert.Equal(255, (await fits).Length);
        await busy;
        Assert.Single(await batcher.SubmitAsync([1], EncodePriority.Interactive, Cancellation));
    }

    [Fact]
    public async Task SubmitAsync_BulkQueueFull_WaitsForRoomAndLosesNothing()
    {
        var batcher = Open(lanes: 1, maxBatch: 2, new BatchingOptions { BulkCapacity = 3 });
        var busy = Occupy(batcher);

        var submitted = batcher.SubmitAsync([.. Enumerable.Range(0, 10)], EncodePriority.Bulk, Cancellation);
        var interactive = batcher.SubmitAsync([50], EncodePriority.Interactive, Cancellation);

        Assert.Equal(4, batcher.Waiting);
        _release.Release(1000);
        Assert.Equal(Enumerable.Range(0, 10).Select(Square), (await submitted).Select(result => result.Result));
        Assert.Single(await interactive);
        await busy;
    }

    [Fact]
    public async Task SubmitAsync_CancelledWhileWaiting_NeverRunsAndGivesItsRoomBack()
    {
        var batcher = Open(lanes: 1, maxBatch: 4, new BatchingOptions { BulkCapacity = 2 });
        var busy = Occupy(batcher);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var cancelled = batcher.SubmitAsync([1, 2, 3], EncodePriority.Bulk, cancellation.Token);
        var cancelledToo = batcher.SubmitAsync([4], EncodePriority.Interactive, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelledToo);
        Assert.Equal(0, batcher.Waiting);
        var later = batcher.SubmitAsync([5, 6], EncodePriority.Bulk, Cancellation);
        Assert.Equal(2, batcher.Waiting);
        _release.Release(1000);
        await Task.WhenAll(busy, later);
        Assert.Equal([5, 6], Drain().SelectMany(batch => batch));
    }

    [Fact]
    public async Task SubmitAsync_CancelledWhileRunning_CallerReturnsOthersGetResults()
    {
        var batcher = Open(lanes: 1, maxBatch: 4, maxWait: TimeSpan.FromMinutes(1));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var cancelled = batcher.SubmitAsync([1, 2], EncodePriority.Bulk, cancellation.Token);
        var kept = batcher.SubmitAsync([3, 4], EncodePriority.Bulk, Cancellation);
        Assert.Equal([1, 2, 3, 4], Started());

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _release.Release();
        Assert.Equal([Square(3), Square(4)], (await kept).Select(result => result.Result));
    }

    [Fact]
    public async Task SubmitAsync_CancelledBefore_ThrowsAndQueuesNothing()
    {
        var batcher = Open(lanes: 1, maxBatch: 4);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batcher.SubmitAsync([1], EncodePriority.Bulk, new CancellationToken(canceled: true)));

        Assert.Empty(_started);
    }

    [Fact]
    public async Task SubmitAsync_OneBatchFails_OnlyItsItemsFail()
    {
        var batcher = Open(lanes: 1, maxBatch: 2, maxWait: TimeSpan.FromMinutes(1));
        var busy = Occupy(batcher);
        var good = batcher.SubmitAsync([1, 2], EncodePriority.Bulk, Cancellation);
        var bad = batcher.SubmitAsync([Poison, 3], EncodePriority.Bulk, Cancellation);
        var after = batcher.SubmitAsync([4, 5], EncodePriority.Bulk, Cancellation);

        _release.Release(1000);

        var failure = await Assert.ThrowsAsync<FailureException>(() => bad);
        Assert.Equal(FailureReason.Internal, failure.Reason);
        Assert.IsType<InvalidDataException>(failure.InnerException);
        Assert.Equal([Square(1), Square(2)], (await good).Select(result => result.Result));
        Assert.Equal([Square(4), Square(5)], (await after).Select(result => result.Result));
        await busy;
    }

    [Fact]
    public async Task SubmitAsync_RunGivesTooFewResults_Fails()
    {
        _batcher = new DynamicBatcher<int, int>(1, 4, TimeSpan.Zero, new BatchingOptions(), (_, _) => [], _time, NullLogger.Instance);

        var failure = await Assert.ThrowsAsync<FailureException>(() => _batcher.SubmitAsync([1], EncodePriority.Bulk, Cancellation));

        Assert.Equal(FailureReason.Internal, failure.Reason);
    }

    [Fact]
    public async Task SubmitAsync_WaitingTime_HeldUntilItIsUp()
    {
        var batcher = Open(lanes: 2, maxBatch: 4, maxWait: TimeSpan.FromSeconds(1));
        _release.Release(1000);
        var held = batcher.SubmitAsync([1, 2, 3], EncodePriority.Bulk, Cancellation);

        // Both lanes see the items and leave them; there is nothing to await when nothing happens.
        await Task.Delay(50, Cancellation);
        Assert.Equal(3, batcher.Waiting);
        _time.Advance(TimeSpan.FromSeconds(1));

        var results = await held;
        Assert.Equal([1, 2, 3], Started());
        Assert.All(results, result => Assert.Equal(TimeSpan.FromSeconds(1), result.Queued));
    }

    [Fact]
    public async Task SubmitAsync_WaitingTimeButBatchFull_GoesAtOnce()
    {
        var batcher = Open(lanes: 2, maxBatch: 4, maxWait: TimeSpan.FromSeconds(1));
        _release.Release(1000);

        await batcher.SubmitAsync([1, 2, 3, 4], EncodePriority.Interactive, Cancellation);

        Assert.Equal([1, 2, 3, 4], Started());
    }

    [Fact]
    public async Task SubmitAsync_LaneBusy_QueueTimeIsTheWait()
    {
        var batcher = Open(lanes: 1, maxBatch: 4);
        var busy = Occupy(batcher);
        var waiting = batcher.SubmitAsync([1], EncodePriority.Interactive, Cancellation);

        _time.Advance(TimeSpan.FromSeconds(5));
        _release.Release(2);

        Assert.Equal(TimeSpan.FromSeconds(5), (await waiting)[0].Queued);
        Assert.Equal(TimeSpan.FromSeconds(5), (await busy)[0].Running);
    }

    [Fact]
    public async Task Dispose_ItemsWaiting_FinishesThemAndTakesNoMore()
    {
        var batcher = Open(lanes: 1, maxBatch: 2, maxWait: TimeSpan.FromMinutes(1), new BatchingOptions { BulkCapacity = 2 });
        var busy = Occupy(batcher);
        var waiting = batcher.SubmitAsync([1, 2], EncodePriority.Bulk, Cancellation);
        var withoutRoom = batcher.SubmitAsync([3], EncodePriority.Bulk, Cancellation);

        var disposing = Task.Run(batcher.Dispose, Cancellation);
        var refused = await Assert.ThrowsAsync<FailureException>(() => withoutRoom);
        _release.Release(1000);
        await disposing;

        Assert.Equal(FailureReason.EncoderUnavailable, refused.Reason);
        Assert.Equal([Square(1), Square(2)], (await waiting).Select(result => result.Result));
        await busy;
        var late = await Assert.ThrowsAsync<FailureException>(() => batcher.SubmitAsync([4], EncodePriority.Interactive, Cancellation));
        Assert.Equal(FailureReason.EncoderUnavailable, late.Reason);
    }

    [Fact]
    public async Task SubmitAsync_ManyCallersSomeCancelled_EveryoneGetsTheirOwn()
    {
        var batcher = Open(lanes: 4, maxBatch: 5, new BatchingOptions { BulkCapacity = 20, InteractiveCapacity = 100_000 });
        _release.Release(1_000_000);

        var calls = Enumerable.Range(0, 2000).Select(async call =>
        {
            await Task.Yield();
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var items = Enumerable.Range(call, (call % 7) + 1).ToArray();
            var priority = call % 3 == 0 ? EncodePriority.Interactive : EncodePriority.Bulk;
            var submitted = batcher.SubmitAsync(items, priority, cancellation.Token);
            if (call % 5 == 0)
            {
                await cancellation.CancelAsync();
            }

            try
            {
                return (await submitted).Select(result => result.Result).SequenceEqual(items.Select(Square));
            }
            catch (OperationCanceledException) when (call % 5 == 0)
            {
                return true;
            }
        });

        Assert.All(await Task.WhenAll(calls), Assert.True);
        Assert.Equal(0, batcher.Waiting);
    }

    public void Dispose()
    {
        _release.Release(1_000_000);
        _batcher?.Dispose();
        _started.Dispose();
        _release.Dispose();
    }

    private static int Square(int item) => item * item;

    private DynamicBatcher<int, int> Open(int lanes, int maxBatch, BatchingOptions options) => Open(lanes, maxBatch, TimeSpan.Zero, options);

    private DynamicBatcher<int, int> Open(int lanes, int maxBatch, TimeSpan maxWait = default, BatchingOptions? options = null) =>
        _batcher = new DynamicBatcher<int, int>(lanes, maxBatch, maxWait, options ?? new BatchingOptions(), Run, _time, NullLogger.Instance);

    private int[] Run(int lane, IReadOnlyList<BatchItem<int>> batch)
    {
        var items = batch.Select(item => item.Value).ToArray();
        _started.Add(items);
        _release.Wait();
        return items.Contains(Poison) ? throw new InvalidDataException("poison") : [.. items.Select(Square)];
    }

    private int[] Started() => _started.Take(Cancellation);

    private List<int[]> Drain()
    {
        var batches = new List<int[]>();
        while (_started.TryTake(out var batch))
        {
            batches.Add(batch);
        }

        return batches;
    }

    // Fills every lane with a batch of one item that waits to be released.
    private Task<Batched<int>[]> Occupy(DynamicBatcher<int, int> batcher, int lanes = 1)
    {
        var busy = new List<Task<Batched<int>[]>>();
        for (var lane = 0; lane < lanes; lane++)
        {
            busy.Add(batcher.SubmitAsync([100], EncodePriority.Interactive, Cancellation));

            // A batcher that waits for company is told that the time is up.
            while (!_started.TryTake(out _, 10, Cancellation))
            {
                _time.Advance(TimeSpan.FromMinutes(1));
            }
        }

        return GatherAsync(busy);
    }

    private static async Task<Batched<int>[]> GatherAsync(List<Task<Batched<int>[]>> calls) =>
        [.. (await Task.WhenAll(calls)).SelectMany(results => results)];
}
