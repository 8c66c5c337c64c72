using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults.Lifetime;

/// <summary>Stands between the signal to stop and the stop: the process is not ready any more, and whoever sends it work has time to see it.</summary>
internal sealed class Draining(IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options, TimeProvider time, ILogger<Draining> logger) : IHostedLifecycleService
{
    /// <summary>From the signal on.</summary>
    public bool HasBegun => lifetime.ApplicationStopping.IsCancellationRequested;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before the StopAsync of anything: listeners and consumers still work.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Log.Draining(logger, options.Value.Delay, options.Value.Timeout);
        if (options.Value.Delay > TimeSpan.Zero)
        {
            await Task.Delay(options.Value.Delay, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // After all of them: what was in hand is done.
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Log.Drained(logger);
        return Task.CompletedTask;
    }
}
