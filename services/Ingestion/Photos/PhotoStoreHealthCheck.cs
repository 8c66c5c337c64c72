using FaceCloud.Contracts.Failures;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceCloud.Ingestion.Photos;

internal sealed class PhotoStoreHealthCheck(IPhotoStore photos) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await photos.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FailureException)
        {
            return HealthCheckResult.Unhealthy("No photo can be stored.", exception);
        }
    }
}
