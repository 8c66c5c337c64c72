using System.Threading.Channels;
using FaceCloud.Inference.Models;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Inference.Sessions;

/// <summary>
/// The sessions of one model. A session runs one batch at a time on one thread; as many sessions as cores keep the machine busy.
/// Safe for concurrent use.
/// </summary>
public sealed class SessionPool : IDisposable
{
    private readonly Channel<InferenceSession> _idle = Channel.CreateUnbounded<InferenceSession>();

    /// <summary>Loads the model into all sessions.</summary>
    /// <exception cref="ModelException">The provider cannot be loaded, or the file is not a model that can be run.</exception>
    public SessionPool(ModelDescription model, InferenceOptions options, ILoggerFactory loggers)
    {
        Model = model;
        var logger = loggers.CreateLogger<SessionPool>();
        var (provider, first) = Open(model, options, logger);
        Provider = provider;
        Size = options.Sessions ?? (provider == ExecutionProvider.Cpu ? Environment.ProcessorCount : 1);

        _idle.Writer.TryWrite(first);
        try
        {
            for (var count = 1; count < Size; count++)
            {
                _idle.Writer.TryWrite(CreateSession(model, provider, options.Device));
            }

            if (!first.InputMetadata.ContainsKey(model.InputName))
            {
                throw new ModelException(
                    $"Model '{model.Name}' ('{model.Path}') has no input '{model.InputName}', as the manifest says; it has: {string.Join(", ", first.InputNames)}.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        Log.SessionsReady(logger, model.Name, Size, provider.ToName());
    }

    public ModelDescription Model { get; }

    /// <summary>The provider in use; never Auto.</summary>
    public ExecutionProvider Provider { get; }

    /// <summary>cpu, cuda or tensorrt.</summary>
    public string ProviderName => Provider.ToName();

    /// <summary>Number of sessions.</summary>
    public int Size { get; }

    /// <summary>Waits for an idle session.</summary>
    public async ValueTask<SessionLease> RentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new SessionLease(this, await _idle.Reader.ReadAsync(cancellationToken));
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SessionPool));
        }
    }

    /// <summary>Takes an idle session.</summary>
    /// <exception cref="InvalidOperationException">All are rented.</exception>
    public SessionLease Rent() =>
        _idle.Reader.TryRead(out var session) ? new SessionLease(this, session) : throw new InvalidOperationException($"All {Size} sessions of '{Model.Name}' are rented.");

    /// <summary>Closes the sessions; one that is still rented is closed when it comes back.</summary>
    public void Dispose()
    {
        _idle.Writer.TryComplete();
        while (_idle.Reader.TryRead(out var session))
        {
            session.Dispose();
        }
    }

    internal void Return(InferenceSession session)
    {
        if (!_idle.Writer.TryWrite(session))
        {
            session.Dispose();
        }
    }

    private static (ExecutionProvider Provider, InferenceSession Session) Open(ModelDescription model, InferenceOptions options, ILogger logger)
    {
        if (options.ExecutionProvider != ExecutionProvider.Auto)
        {
            return (options.ExecutionProvider, CreateSession(model, options.ExecutionProvider, options.Device));
        }

        if (!OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider", StringComparer.Ordinal))
        {
            var cpu = CreateSession(model, ExecutionProvider.Cpu, options.Device);
            Log.ProviderChosen(logger, model.Name, "cpu", "this build has no CUDA");
            return (ExecutionProvider.Cpu, cpu);
        }

        try
        {
            var cuda = CreateSession(model, ExecutionProvider.Cuda, options.Device);
            Log.ProviderChosen(logger, model.Name, "cuda", "it loads");
            return (ExecutionProvider.Cuda, cuda);
        }
        catch (ModelException exception)
        {
            var cpu = CreateSession(model, ExecutionProvider.Cpu, options.Device);
            Log.ProviderChosen(logger, model.Name, "cpu", exception.Message);
            return (ExecutionProvider.Cpu, cpu);
        }
    }

    private static InferenceSession CreateSession(ModelDescription model, ExecutionProvider provider, int device)
    {
        using var options = ExecutionProviders.CreateOptions(provider, model.Kind, device);
        try
        {
            return new InferenceSession(model.Path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelException($"Model '{model.Name}' ('{model.Path}') cannot be loaded on '{provider.ToName()}': {exception.Message}", exception);
        }
    }
}
