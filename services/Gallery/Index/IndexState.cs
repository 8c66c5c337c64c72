using FaceCloud.Contracts.Failures;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index;

/// <summary>Whether the index has been loaded from the store, and those who wait for it.</summary>
public sealed class IndexState(IOptions<GalleryOptions> options, TimeProvider time)
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsLoaded => _loaded.Task.IsCompleted;

    public void SetLoaded() => _loaded.TrySetResult();

    /// <summary>Waits as long as it takes: for consumers, whose messages can wait.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _loaded.Task.WaitAsync(cancellationToken);

    /// <summary>Waits a little: for calls.</summary>
    /// <exception cref="FailureException">StoreUnavailable.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _loaded.Task.WaitAsync(options.Value.IndexWait, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new FailureException(FailureReason.StoreUnavailable, "The faces are still being loaded into memory; try again in a few seconds.", exception);
        }
    }
}
