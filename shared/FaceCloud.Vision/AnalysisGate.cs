namespace FaceCloud.Vision;

/// <summary>Runs work on the thread pool, only so many pieces at a time; the rest waits in order without a thread.</summary>
internal sealed class AnalysisGate(int places) : IDisposable
{
    private readonly SemaphoreSlim _free = new(places);

    /// <exception cref="OperationCanceledException">Cancelled while waiting, or by the work itself.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => work(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
