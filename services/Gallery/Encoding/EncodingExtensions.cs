using FaceCloud.Inference.Encoding;
using FaceCloud.Protos.Encoder.V1;
using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Encoding;

internal static class EncodingExtensions
{
    /// <summary>The encoder in another process, unless this one has its own.</summary>
    public static void AddFaceEncoder(this IServiceCollection services)
    {
        services.AddOptions<EncoderClientOptions>()
            .BindConfiguration(EncoderClientOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddGrpcClient<EncoderService.EncoderServiceClient>((provider, client) =>
                client.Address = provider.GetRequiredService<IOptions<EncoderClientOptions>>().Value.Address)
            .ConfigureChannel(channel => channel.ServiceConfig = new ServiceConfig
            {
                MethodConfigs =
                {
                    new MethodConfig
                    {
                        Names = { MethodName.Default },
                        RetryPolicy = new RetryPolicy
                        {
                            MaxAttempts = 4,
                            InitialBackoff = TimeSpan.FromMilliseconds(100),
                            MaxBackoff = TimeSpan.FromSeconds(1),
                            BackoffMultiplier = 2,
                            RetryableStatusCodes = { StatusCode.Unavailable },
                        },
                    },
                },
            });
        services.TryAddSingleton<IFaceEncoder, RemoteFaceEncoder>();
    }
}
