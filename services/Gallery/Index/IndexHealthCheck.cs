using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceCloud.Gallery.Index;

internal sealed class IndexHealthCheck(IndexState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.IsLoaded
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The index is being loaded from the store."));
}
