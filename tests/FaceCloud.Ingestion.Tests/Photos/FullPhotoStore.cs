using System.Collections.Concurrent;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Photos;

namespace FaceCloud.Ingestion.Tests.Photos;

/// <summary>Photos in memory; has no room for the first of them.</summary>
internal sealed class FullPhotoStore(int refusals) : IPhotoStore
{
    private readonly ConcurrentDictionary<string, byte[]> _photos = [];
    private int _refusals = refusals;

    public int RefusalsLeft => Math.Max(0, _refusals);

    public Task SaveAsync(string key, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            throw new FailureException(FailureReason.PhotoStoreFull, "No room.");
        }

        _photos[key] = photo.ToArray();
        return Task.CompletedTask;
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
}
