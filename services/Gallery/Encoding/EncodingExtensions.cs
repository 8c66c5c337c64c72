using FaceCloud.Inference.Encoding;
using FaceCloud.Protos.Encoder.V1;
using FaceCloud.ServiceDefaults.Grpc;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Encoding;

internal static class EncodingExtensions
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>The encoder in another process, unless this one has its own.</summary>
    public static void AddFaceEncoder(this IServiceCollection services)
    {
        services.AddOptions<EncoderClientOptions>()
            .BindConfiguration(EncoderClientOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddGrpcClient<EncoderService.EncoderServiceClient>((provider, client) =>
                client.Address = provider.GetRequiredService<IOptions<EncoderClientOptions>>().Value.Address)
            .AddGrpcResilience();
        if (services.Any(service => service.ServiceType == typeof(IFaceEncoder)))
        {
            return;
        }

        services.AddSingleton<IFaceEncoder, RemoteFaceEncoder>();
        services.AddHealthChecks().AddCheck<RemoteEncoderHealthCheck>("encoder", HealthStatus.Degraded, timeout: CheckTimeout);
    }
}
