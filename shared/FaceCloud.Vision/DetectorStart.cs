using FaceCloud.Vision.Detection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceCloud.Vision;

/// <summary>Loads the detector before anything is consumed or served; what is wrong with it stops the process, and the first photo need not wait.</summary>
internal sealed class DetectorStart(IServiceProvider services) : IHostedLifecycleService
{
    // Not injected: the model is to be loaded here and not while the host is put together.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<FaceDetector>();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
