using FaceCloud.Vision.Decoding;
using FaceCloud.Vision.Detection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceCloud.Vision;

public static class VisionExtensions
{
    /// <summary>Adds <see cref="FaceAnalyzer"/>, with its options from the section "Vision". Safe to call twice.</summary>
    public static TBuilder AddVision<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<VisionOptions>()
            .BindConfiguration(VisionOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<PhotoDecoder>();
        builder.Services.TryAddSingleton(services => new DetectorSessions(
            Path.Combine(builder.Configuration["Models:Directory"] ?? "models", "yunet_n_dynamic.onnx"),
            services.GetRequiredService<IOptions<VisionOptions>>().Value.EffectiveConcurrency));
        builder.Services.TryAddSingleton<FaceDetector>();
        builder.Services.TryAddSingleton(services => new FaceAnalyzer(
            services.GetRequiredService<PhotoDecoder>(),
            services.GetRequiredService<FaceDetector>(),
            services.GetRequiredService<IOptions<VisionOptions>>(),
            services.GetRequiredService<TimeProvider>()));
        return builder;
    }
}
