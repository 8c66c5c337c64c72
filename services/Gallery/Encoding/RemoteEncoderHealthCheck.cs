using FaceCloud.Protos.Encoder.V1;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceCloud.Gallery.Encoding;

/// <summary>
/// Whether an Encoder answers now. Degraded without one, and ready all the same: whatever needs no embedding of a new photo goes on,
/// and taking this service out of the load balancer would not bring the other back.
/// </summary>
internal sealed class RemoteEncoderHealthCheck(EncoderService.EncoderServiceClient client, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var model = await client.GetModelAsync(new GetModelRequest(), deadline: time.GetUtcNow().UtcDateTime + Patience, cancellationToken: cancellationToken);
            return HealthCheckResult.Healthy($"{model.EmbeddingContract} on {model.ExecutionProvider}");
        }
        catch (RpcException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The encoder does not answer ({exception.StatusCode}).");
        }
    }
}
