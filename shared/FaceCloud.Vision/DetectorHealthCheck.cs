using FaceCloud.Vision.Detection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceCloud.Vision;

/// <summary>Healthy once the model is loaded; says which one and what runs it.</summary>
internal sealed class DetectorHealthCheck(FaceDetector detector) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(detector.Description));
}
