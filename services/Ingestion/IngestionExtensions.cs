using Amazon.S3;
using FaceCloud.Ingestion.Consumers;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Grpc;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.References;
using FaceCloud.Ingestion.Reports;
using FaceCloud.Ingestion.Store;
using FaceCloud.ServiceDefaults.Storage;
using FaceCloud.Vision;
using MassTransit;
using Microsoft.Extensions.Options;

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

        builder.AddPhotoStore();
        builder.Services.AddHostedService<PhotoSweeper>();
        builder.Services.AddHealthChecks().AddCheck<PhotoStoreHealthCheck>("photos");

        builder.Services.AddSingleton<CropCommands>();
        builder.Services.AddSingleton<IntakeGate>();
        builder.Services.AddSingleton<ItemBook>();
        builder.Services.AddSingleton<EnrolmentJobs>();
        builder.Services.AddSingleton<JobControl>();
        builder.Services.AddSingleton<CropGate>();
        builder.Services.AddSingleton<CropPlaces>();
        builder.Services.AddHostedService<HeldItems>();
        builder.Services.AddSingleton<CancelledJobs>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CancelledJobs>());
        builder.Services.AddSingleton<OutcomeBook>();
        builder.Services.AddHostedService<OverdueItems>();
        builder.Services.AddHostedService<JobMeasures>();

        builder.Services.AddSingleton<JobReports>();
        builder.Services.AddSingleton<ImportFolder>();
        builder.Services.AddSingleton<QueuedPhotos>();

        builder.AddReferences();
        builder.Services.AddSingleton<PhotoIntake>();
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

    private static void AddPhotoStore(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<S3Options>()
            .BindConfiguration(S3Options.SectionName)
            .ValidateDataAnnotations()
            .Validate<IOptions<IngestionOptions>>(
                (s3, ingestion) => ingestion.Value.PhotoStore != PhotoStoreKind.S3 || s3.Bucket.Length > 0,
                "Ingestion:S3:Bucket must name a bucket when Ingestion:PhotoStore is s3.")
            .ValidateOnStart();

        // Made when it is first used: most deployments have none.
        builder.Services.AddSingleton(services => new Lazy<IAmazonS3>(services.GetRequiredService<IOptions<S3Options>>().Value.Connect));
        builder.Services.AddSingleton<FolderPhotoStore>();
        builder.Services.AddSingleton<S3PhotoStore>();
        builder.Services.AddSingleton<IPhotoStore>(services => services.GetRequiredService<IOptions<IngestionOptions>>().Value.PhotoStore == PhotoStoreKind.S3
            ? services.GetRequiredService<S3PhotoStore>()
            : services.GetRequiredService<FolderPhotoStore>());
    }

    private static void AddReferences(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReferenceOptions>()
            .BindConfiguration(ReferenceOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<ObjectPhotos>();
        builder.Services.AddSingleton<UrlPhotos>();
        builder.Services.AddSingleton<ReferencedPhotos>();
    }
}
