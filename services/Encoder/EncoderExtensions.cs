using FaceCloud.Encoder.Consumers;
using FaceCloud.Encoder.Grpc;
using FaceCloud.Inference;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Encoder;

/// <summary>What this service owns.</summary>
public static class EncoderExtensions
{
    /// <summary>Adds the encoder; before AddGallery, which else asks another process for embeddings.</summary>
    public static IHostApplicationBuilder AddEncoder(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<EncoderOptions>()
            .BindConfiguration(EncoderOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddModels(ModelKind.Encoder);
        services.AddInference();
        services.AddSingleton(CreateEncoder);
        services.AddSingleton<IFaceEncoder>(provider => provider.GetRequiredService<OnnxFaceEncoder>());
        services.AddHostedService<EncoderStart>();
        services.AddHealthChecks().AddCheck<EncoderHealthCheck>("encoder");
        return builder;
    }

    public static void AddEncoderConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<EncodeFaceConsumer, EncodeFaceConsumerDefinition>();

    public static WebApplication MapEncoder(this WebApplication app)
    {
        app.MapGrpcService<EncoderGrpcService>();
        return app;
    }

    private static OnnxFaceEncoder CreateEncoder(IServiceProvider provider)
    {
        var encoder = provider.GetRequiredService<IOptions<EncoderOptions>>().Value;
        var common = provider.GetRequiredService<IOptions<InferenceOptions>>().Value;
        var inference = new InferenceOptions
        {
            ExecutionProvider = encoder.ExecutionProvider ?? common.ExecutionProvider,
            Sessions = encoder.Sessions ?? common.Sessions,
            Device = encoder.Device ?? common.Device,
        };
        return new OnnxFaceEncoder(
            provider.GetRequiredService<ModelCatalog>().Encoder,
            inference,
            encoder.Batching,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>());
    }
}
