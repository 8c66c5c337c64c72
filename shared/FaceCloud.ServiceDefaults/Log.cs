using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace FaceCloud.ServiceDefaults;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Method} failed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Waiting for store {Store}: {Reason}. Trying again every {Delay}")]
    public static partial void StoreWaits(ILogger logger, string store, string reason, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Information, "Store {Store} is ready ({Engine})")]
    public static partial void StoreReady(ILogger logger, string store, string engine);

    [LoggerMessage(4, LogLevel.Debug, "{Method} was ended by its client")]
    public static partial void CallEnded(ILogger logger, string method, Exception exception);

    [LoggerMessage(5, LogLevel.Critical, "Store {Store} cannot be brought up to date; the process stops")]
    public static partial void StoreFailed(ILogger logger, string store, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Health: {Check} is {Status}, waiting for it: {Reason}")]
    public static partial void HealthChanged(ILogger logger, string check, HealthStatus status, string reason);

    [LoggerMessage(7, LogLevel.Information, "Health: {Check} is Healthy again")]
    public static partial void HealthRestored(ILogger logger, string check);

    [LoggerMessage(8, LogLevel.Information, "Stopping: not ready any more; calls are taken for {Delay}, then what is in work has {Timeout} to end")]
    public static partial void Draining(ILogger logger, TimeSpan delay, TimeSpan timeout);

    [LoggerMessage(9, LogLevel.Information, "Stopped: nothing is left in work")]
    public static partial void Drained(ILogger logger);
}
