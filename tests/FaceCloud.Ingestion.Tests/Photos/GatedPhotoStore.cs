using System.Collections.Concurrent;
using System.Threading.Channels;
using FaceCloud.Ingestion.Photos;

namespace FaceCloud.Ingestion.Tests.Photos;

/// <summary>Photos in memory; the first of them wait at a gate.</summary>
internal sealed class GatedPhotoStore(int blocked) : IPhotoStore
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _saved = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, byte[]> _photos = [];
    private int _entered;
    private int _inside;
    private int _mostAtOnce;

    public int MostAtOnce => _mostAtOnce;

    public void Open() => _gate.SetResult();

    public async Task SavedAsync(int photos)
    {
        for (var photo = 0; photo < photos; photo++)
        {
            await _saved.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
    }

    public async Task SaveAsync(string key, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken)
    {
        var inside = Interlocked.Increment(ref _inside);
        InterlockedMax(inside);
        if (Interlocked.Increment(ref _entered) <= blocked)
        {
            await _gate.Task.WaitAsync(cancellationToken);
        }

        _photos[key] = photo.ToArray();
        Interlocked.Decrement(ref _inside);
        await _saved.Writer.WriteAsync(key, cancellationToken);
    }

    public Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken) => Task.FromResult(_photos[key]);

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        _photos.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public Task<int> SweepAsync(
        DateTimeOffset savedBefore, Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlySet<string>>> stillNeeded, CancellationToken cancellationToken) =>
        Task.FromResult(0);

    public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void InterlockedMax(int value)
    {
        for (var seen = _mostAtOnce; value > seen; seen = _mostAtOnce)
        {
            Interlocked.CompareExchange(ref _mostAtOnce, value, seen);
        }
    }
}
