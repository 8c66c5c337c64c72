using FaceCloud.Inference.Encoding;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceCloud.Encoder;

/// <summary>Healthy once the model is loaded; says which one and what runs it.</summary>
internal sealed class EncoderHealthCheck(OnnxFaceEncoder encoder) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var model = await encoder.GetModelAsync(cancellationToken);
        return HealthCheckResult.Healthy($"{model.EmbeddingContract} on {model.ExecutionProvider}, {encoder.Sessions} sessions");
    }
}
