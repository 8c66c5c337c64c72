using FaceCloud.Ingestion.Consumers;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Grpc;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;
using FaceCloud.ServiceDefaults.Storage;
using FaceCloud.Vision;
using MassTransit;

namespace FaceCloud.Ingestion;

/// <summary>What this service owns.</summary>
public static class IngestionExtensions
{
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<IngestionOptions>()
            .BindConfiguration(IngestionOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.AddVision();
        builder.AddStore<IHostApplicationBuilder, IngestionDbContext, SqliteIngestionDbContext, PostgresIngestionDbContext>("ingestion");
        builder.Services.AddSingleton<IngestionStore>();

        builder.Services.AddSingleton<IPhotoStore, FolderPhotoStore>();
        builder.Services.AddHostedService<PhotoSweeper>();
        builder.Services.AddHealthChecks().AddCheck<PhotoStoreHealthCheck>("photos");

        builder.Services.AddSingleton<CropCommands>();
        builder.Services.AddSingleton<IntakeGate>();
        builder.Services.AddSingleton<ItemBook>();
        builder.Services.AddSingleton<EnrolmentJobs>();
        builder.Services.AddSingleton<OutcomeBook>();
        builder.Services.AddHostedService<OverdueItems>();
        builder.Services.AddHostedService<JobMeasures>();

        builder.Services.AddSingleton<ImportFolder>();
        builder.Services.AddSingleton<QueuedPhotos>();

        builder.Services.AddSingleton<UploadReader>();
        return builder;
    }

    public static void AddIngestionConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<EnrollPhotoConsumer, EnrollPhotoConsumerDefinition>();
        bus.AddConsumer<CropFacesConsumer, CropFacesConsumerDefinition>();
        bus.AddConsumer<EnrolmentOutcomeConsumer, EnrolmentOutcomeConsumerDefinition>();
        bus.AddConsumer<EnrolmentFaultConsumer, EnrolmentFaultConsumerDefinition>();
    }

    public static WebApplication MapIngestion(this WebApplication app)
    {
        app.MapGrpcService<IngestionGrpcService>();
        return app;
    }
}
