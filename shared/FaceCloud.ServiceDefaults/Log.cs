using Microsoft.Extensions.Logging;

namespace FaceCloud.ServiceDefaults;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Method} failed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Store {Store} does not answer yet ({Reason}); trying again in {Delay}")]
    public static partial void StoreWaits(ILogger logger, string store, string reason, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Information, "Store {Store} is ready ({Engine})")]
    public static partial void StoreReady(ILogger logger, string store, string engine);

    [LoggerMessage(4, LogLevel.Debug, "{Method} was ended by its client")]
    public static partial void CallEnded(ILogger logger, string method, Exception exception);
}
