using FaceCloud.Inference.Encoding;

namespace FaceCloud.Encoder;

/// <summary>Loads the model before anything is consumed or served; what is wrong with it stops the process.</summary>
internal sealed class EncoderStart(IServiceProvider services, ILogger<EncoderStart> logger) : IHostedLifecycleService
{
    // Not injected: the model is to be loaded here and not while the host is put together.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var encoder = services.GetRequiredService<OnnxFaceEncoder>();
        var model = await encoder.GetModelAsync(cancellationToken);
        Log.EncoderReady(logger, model.EmbeddingContract, model.Dimension, encoder.Sessions, model.ExecutionProvider);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
