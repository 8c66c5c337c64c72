namespace FaceCloud.TestServers.Processes;

/// <summary>Waiting for what happens in other processes. The limits are generous: they end hung tests, they measure nothing.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It never was; the message is what <paramref name="otherwise"/> says then.</exception>
    public static async Task UntilAsync(Func<CancellationToken, Task<bool>> condition, Func<string> otherwise, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit ?? Limit);
        try
        {
            while (!await condition(patience.Token))
            {
                await Task.Delay(Pause, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(otherwise());
        }
    }
}
