using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceCloud.Gallery.Index;

/// <summary>Says what the loader sees of the index, which looks at it all the time.</summary>
internal sealed class IndexHealthCheck(IndexState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Current());

    private HealthCheckResult Current() => state switch
    {
        { Trouble: { } trouble } => HealthCheckResult.Unhealthy(trouble.Message),
        { IsLoaded: false } => HealthCheckResult.Unhealthy("The index is being loaded from the store."),
        { Doubtful: > 0 } => HealthCheckResult.Degraded($"{state.Doubtful} galleries are compared with the store, since a write had failed; some faces may not be found yet."),
        { Damaged: > 0 } => HealthCheckResult.Degraded($"{state.Damaged} faces of the store are damaged and not searched; the log names them."),
        _ => HealthCheckResult.Healthy(),
    };
}
