namespace FaceCloud.Encoder;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Encoder {Contract} is ready: {Dimension} numbers a face, {Sessions} sessions on {Provider}")]
    public static partial void EncoderReady(ILogger logger, string contract, int dimension, int sessions, string provider);

    [LoggerMessage(2, LogLevel.Warning, "Item {ItemId} of job {JobId} cannot be encoded ({Reason}): {Message}")]
    public static partial void ItemFailed(ILogger logger, Guid itemId, string jobId, string reason, string message);

    [LoggerMessage(3, LogLevel.Warning, "{Count} of {Total} faces could not be encoded ({Reason}); the messages are tried again")]
    public static partial void BatchRetried(ILogger logger, int count, int total, string reason);
}
