namespace FaceCloud.Vision.Tests;

public sealed class AnalysisGateTests
{
    [Fact]
    public async Task RunAsync_MoreWorkThanPlaces_NeverMoreAtOnce()
    {
        using var gate = new AnalysisGate(3);
        using var all = new Barrier(3);
        var (running, most) = (0, 0);

        var work = Enumerable.Range(0, 30).Select(_ => gate.RunAsync(
            _ =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);

                // Only three together pass, so all three places are in use at some time.
                all.SignalAndWait(TestContext.Current.CancellationToken);
                Interlocked.Decrement(ref running);
                return Task.FromResult(0);
            },
            TestContext.Current.CancellationToken));
        await Task.WhenAll(work);

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileWaiting_NeverRuns()
    {
        using var gate = new AnalysisGate(1);
        using var cancel = new CancellationTokenSource();
        var first = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = gate.RunAsync(_ => first.Task, CancellationToken.None);
        var ran = false;

        var waiting = gate.RunAsync(_ => Task.FromResult(ran = true), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(ran);
        first.SetResult(7);
        Assert.Equal(7, await busy);
    }

    [Fact]
    public async Task RunAsync_WorkFails_PlaceIsFreeAgain()
    {
        using var gate = new AnalysisGate(1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => gate.RunAsync<int>(_ => throw new InvalidOperationException(), CancellationToken.None));

        Assert.Equal(1, await gate.RunAsync(_ => Task.FromResult(1), CancellationToken.None));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
