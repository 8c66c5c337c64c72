using FaceCloud.Gallery.Index.Moves;
using FaceCloud.Gallery.Index.Qdrant;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Storage;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index;

internal static class IndexExtensions
{
    /// <summary>The index, what fills and watches it, and what moves it.</summary>
    public static void AddFaceIndex(this IHostApplicationBuilder builder)
    {
        builder.AddStorageOptions();
        var services = builder.Services;
        services.AddOptions<IndexOptions>()
            .BindConfiguration(IndexOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<QdrantOptions>()
            .BindConfiguration(QdrantOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<QdrantOptionsSetup>();
        services.AddSingleton<IPostConfigureOptions<QdrantOptions>>(provider => provider.GetRequiredService<QdrantOptionsSetup>());
        services.AddSingleton<IValidateOptions<QdrantOptions>>(provider => provider.GetRequiredService<QdrantOptionsSetup>());

        services.AddSingleton<IndexSelection>();
        services.AddSingleton<QdrantChannel>();
        services.AddSingleton<IGalleryFacts, StoredGalleryFacts>();
        services.AddSingleton<IndexFactory>();
        services.AddSingleton<IndexRouter>();
        services.AddSingleton<IFaceIndex>(provider => provider.GetRequiredService<IndexRouter>());

        services.AddSingleton<IndexState>();
        services.AddSingleton<IndexReconciler>();
        services.AddSingleton<IndexLoader>();
        services.AddHostedService(provider => provider.GetRequiredService<IndexLoader>());
        services.AddHealthChecks().AddCheck<IndexHealthCheck>("index", tags: [Health.StartupTag]);
        services.AddSingleton<GalleryWriter>();

        services.AddSingleton<IndexMover>();
        services.AddSingleton<IndexOperations>();
        services.AddHostedService(provider => provider.GetRequiredService<IndexOperations>());
    }
}
