using FaceCloud.Ingestion.Store;

namespace FaceCloud.Ingestion.Tests.Store;

/// <summary>Work for several callers at once.</summary>
public sealed class GatheringTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SemaphoreSlim _mayEnd = new(0);
    private readonly List<(string Group, int[] Entries)> _work = [];

    public void Dispose() => _mayEnd.Dispose();

    [Fact]
    public async Task Add_WhileWorkIsUnderWay_GoesIntoTheNextOneTogether()
    {
        await using var gathering = Gathering();
        var first = gathering.AddAsync("a", 1, None);
        await BegunAsync(1);

        Task<string>[] rest = [gathering.AddAsync("a", 2, None), gathering.AddAsync("a", 3, None), gathering.AddAsync("b", 4, None)];
        _mayEnd.Release(3);

        Assert.Equal("a1", await first);
        Assert.Equal(["a2", "a3", "b4"], await Task.WhenAll(rest));
        Assert.Equal([("a", "1"), ("a", "2 3"), ("b", "4")], _work.Select(work => (work.Group, string.Join(' ', work.Entries))));
    }

    [Fact]
    public async Task Add_WorkThatFails_ItsCallersHearItAndTheNextIsDone()
    {
        await using var gathering = Gathering();
        _mayEnd.Release(2);

        await Assert.ThrowsAsync<InvalidOperationException>(() => gathering.AddAsync("a", -1, None));

        Assert.Equal("a1", await gathering.AddAsync("a", 1, None));
    }

    [Fact]
    public async Task Add_CallerGivesUp_WorkOfTheOthersGoesOn()
    {
        await using var gathering = Gathering();
        using var gaveUp = new CancellationTokenSource();
        var first = gathering.AddAsync("a", 1, gaveUp.Token);
        var second = gathering.AddAsync("a", 2, None);
        await BegunAsync(1);

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _mayEnd.Release(2);

        Assert.Equal("a2", await second);
    }

    [Fact]
    public async Task Dispose_WithWorkUnderWay_IsDoneFirst()
    {
        var gathering = Gathering();
        var answer = gathering.AddAsync("a", 1, None);
        await BegunAsync(1);

        var disposing = gathering.DisposeAsync();
        Assert.False(disposing.IsCompleted);
        _mayEnd.Release();
        await disposing;

        Assert.Equal("a1", await answer);
    }

    private Gathering<string, int, string> Gathering() => new(async (group, entries) =>
    {
        lock (_work)
        {
            _work.Add((group, [.. entries]));
        }

        await _mayEnd.WaitAsync();
        return entries.Any(entry => entry < 0) ? throw new InvalidOperationException("Negative.") : [.. entries.Select(entry => $"{group}{entry}")];
    });

    private Task BegunAsync(int count) => Waiting.UntilAsync(() =>
    {
        lock (_work)
        {
            return Task.FromResult(_work.Count >= count);
        }
    });
}
