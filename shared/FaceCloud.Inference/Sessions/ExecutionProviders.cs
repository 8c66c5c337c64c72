using FaceCloud.Inference.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Inference.Sessions;

/// <summary>Session options of a provider, and the words it is known by.</summary>
internal static class ExecutionProviders
{
    public static string ToName(this ExecutionProvider provider) => provider.ToString().ToLowerInvariant();

    /// <exception cref="ModelException">The provider cannot be loaded in this build or on this machine.</exception>
    public static SessionOptions CreateOptions(ExecutionProvider provider, ModelKind kind, int device)
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // One thread a session and one session a core: measured best by far for nets this small.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            // A detector sees a new shape with nearly every photo; a memory plan for each would only pile up.
            EnableMemoryPattern = kind == ModelKind.Encoder,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");

        try
        {
            if (provider == ExecutionProvider.TensorRt)
            {
                options.AppendExecutionProvider_Tensorrt(device);
            }

            // TensorRT leaves what it cannot run to CUDA, as it is meant to.
            if (provider is ExecutionProvider.TensorRt or ExecutionProvider.Cuda)
            {
                options.AppendExecutionProvider_CUDA(device);
            }

            return options;
        }
        catch (Exception exception) when (IsProviderFailure(exception))
        {
            options.Dispose();
            throw new ModelException(
                $"The execution provider '{provider.ToName()}' cannot be loaded: {exception.Message} " +
                $"This build has: {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}. " +
                "Build with -p:Accelerator=cuda on a machine with the GPU's libraries, or set the execution provider to cpu or auto.", exception);
        }
    }

    // A CPU build lacks the entry point; a GPU build without its libraries or device fails inside the runtime.
    public static bool IsProviderFailure(Exception exception) =>
        exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException;
}
