using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceCloud.ServiceDefaults.Lifetime;

/// <summary>Not ready from the signal to stop on, while the process still finishes what it has.</summary>
internal sealed class DrainingHealthCheck(Draining draining) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(draining.HasBegun
            ? new HealthCheckResult(context.Registration.FailureStatus, "The process is stopping; it takes no new work.")
            : HealthCheckResult.Healthy());
}
