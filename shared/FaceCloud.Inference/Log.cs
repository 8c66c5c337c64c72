using Microsoft.Extensions.Logging;

namespace FaceCloud.Inference;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Execution provider auto: {Model} runs on {Provider}, since {Reason}")]
    public static partial void ProviderChosen(ILogger logger, string model, string provider, string reason);

    [LoggerMessage(2, LogLevel.Information, "Model {Model} is loaded: {Sessions} sessions on {Provider}")]
    public static partial void SessionsReady(ILogger logger, string model, int sessions, string provider);

    [LoggerMessage(3, LogLevel.Error, "A batch of {Count} failed")]
    public static partial void BatchFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "The verifier head of model {Model} was fitted on {Fitted}, not on {Contract}: Verify gives no probability. Fit it again with the trainer's 'train head'")]
    public static partial void HeadOfAnotherModel(ILogger logger, string model, string fitted, string contract);
}
