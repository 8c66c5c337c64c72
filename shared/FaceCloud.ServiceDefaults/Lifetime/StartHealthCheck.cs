using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceCloud.ServiceDefaults.Lifetime;

/// <summary>Unhealthy until every step of the start is done; says which are not.</summary>
internal sealed class StartHealthCheck(StartSteps steps) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(steps.Open is { Count: > 0 } open
            ? new HealthCheckResult(context.Registration.FailureStatus, $"Waits for {string.Join(", ", open)}.")
            : HealthCheckResult.Healthy());
}
