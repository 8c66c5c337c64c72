using System.Collections.Concurrent;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index;

/// <summary>Whether the index is in line with the store, those who wait for it, and what is wrong with it.</summary>
public sealed class IndexState(IOptions<GalleryOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<GalleryKey, int> _damaged = new();
    private readonly ConcurrentDictionary<GalleryKey, byte> _doubtful = new();
    private TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FailureException? _trouble;

    public bool IsLoaded => Volatile.Read(ref _loaded).Task.IsCompleted;

    /// <summary>Why the index cannot be filled, or does not answer; null when nothing is wrong.</summary>
    public FailureException? Trouble => Volatile.Read(ref _trouble);

    /// <summary>Faces of the store that cannot be read, and so are found by nobody.</summary>
    public int Damaged => _damaged.Values.Sum();

    /// <summary>Galleries whose index may lack a write of the store, until they have been compared.</summary>
    public int Doubtful => _doubtful.Count;

    public void SetLoaded() => Volatile.Read(ref _loaded).TrySetResult();

    /// <summary>What was loaded is lost: calls wait again.</summary>
    public void SetLost() => Volatile.Write(ref _loaded, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void SetTrouble(Exception? exception) =>
        Volatile.Write(ref _trouble, exception switch
        {
            null => null,
            FailureException failure => failure,
            _ => new FailureException(FailureReason.Internal, "The index cannot be filled from the store; the log has the details.", exception),
        });

    public void SetDamaged(GalleryKey gallery, int faces)
    {
        if (faces == 0)
        {
            _damaged.TryRemove(gallery, out _);
        }
        else
        {
            _damaged[gallery] = faces;
        }
    }

    /// <returns>False when it was so before.</returns>
    public bool SetDoubtful(GalleryKey gallery) => _doubtful.TryAdd(gallery, 0);

    public void ClearDoubt(GalleryKey gallery) => _doubtful.TryRemove(gallery, out _);

    /// <summary>Waits as long as it takes: for consumers, whose messages can wait.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => Volatile.Read(ref _loaded).Task.WaitAsync(cancellationToken);

    /// <summary>Waits a little: for calls.</summary>
    /// <exception cref="FailureException">StoreUnavailable, or why the index cannot be filled.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Volatile.Read(ref _loaded).Task.WaitAsync(options.Value.IndexWait, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw Trouble is { } trouble
                ? new FailureException(trouble.Reason, trouble.Message, exception)
                : new FailureException(FailureReason.StoreUnavailable, "The faces are still being loaded into memory; try again in a few seconds.", exception);
        }
    }
}
