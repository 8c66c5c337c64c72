using FaceCloud.Gallery.Calibration;
using FaceCloud.Gallery.Consumers;
using FaceCloud.Gallery.Encoding;
using FaceCloud.Gallery.Enrolment;
using FaceCloud.Gallery.Grpc;
using FaceCloud.Gallery.Identification;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Verification;
using FaceCloud.ServiceDefaults.Storage;
using FaceCloud.Vision;
using MassTransit;

namespace FaceCloud.Gallery;

/// <summary>What this service owns.</summary>
public static class GalleryExtensions
{
    public static IHostApplicationBuilder AddGallery(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<GalleryOptions>()
            .BindConfiguration(GalleryOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.AddVision();
        builder.Services.AddFaceEncoder();

        builder.AddStore<IHostApplicationBuilder, GalleryDbContext, SqliteGalleryDbContext, PostgresGalleryDbContext>("gallery");
        builder.Services.AddSingleton<GalleryStore>();
        builder.Services.AddSingleton<WriteLocks>();

        builder.AddFaceIndex();
        builder.Services.AddHostedService<IndexMeasures>();

        builder.Services.AddSingleton<ProbeReader>();
        builder.Services.AddSingleton<FaceEnroller>();
        builder.Services.AddSingleton<Verifier>();
        builder.Services.AddSingleton<PersonSearch>();
        builder.Services.AddSingleton<Identifier>();

        builder.Services.AddOptions<CalibrationOptions>()
            .BindConfiguration(CalibrationOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<GalleryCalibrator>();
        return builder;
    }

    public static void AddGalleryConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<FaceEncodedConsumer, FaceEncodedConsumerDefinition>();

    public static WebApplication MapGallery(this WebApplication app)
    {
        app.MapGrpcService<GalleryGrpcService>();
        app.MapGrpcService<IndexGrpcService>();
        return app;
    }
}
