using FaceCloud.Inference;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Vision.Decoding;
using FaceCloud.Vision.Detection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceCloud.Vision;

public static class VisionExtensions
{
    /// <summary>Adds <see cref="FaceAnalyzer"/>, with its options from the section "Vision". Safe to call twice.</summary>
    public static TBuilder AddVision<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(FaceAnalyzer)))
        {
            return builder;
        }

        builder.Services.AddModels(ModelKind.Detector);
        builder.Services.AddInference();
        builder.Services.AddOptions<VisionOptions>()
            .BindConfiguration(VisionOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PhotoDecoder>();
        builder.Services.AddSingleton(CreateDetector);
        builder.Services.AddSingleton(services => new FaceAnalyzer(
            services.GetRequiredService<PhotoDecoder>(),
            services.GetRequiredService<FaceDetector>(),
            services.GetRequiredService<IOptions<VisionOptions>>(),
            services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<DetectorStart>();
        builder.Services.AddHealthChecks().AddCheck<DetectorHealthCheck>("detector");
        return builder;
    }

    // The encoder has sessions of its own, so the pool belongs to the detector, which also closes it.
    private static FaceDetector CreateDetector(IServiceProvider services) => new(
        new SessionPool(
            services.GetRequiredService<ModelCatalog>().Detector,
            services.GetRequiredService<IOptions<InferenceOptions>>().Value,
            services.GetRequiredService<ILoggerFactory>()),
        services.GetRequiredService<IOptions<VisionOptions>>());
}
