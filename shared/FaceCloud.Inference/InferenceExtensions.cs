using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceCloud.Inference;

public static class InferenceExtensions
{
    // Of StorageOptions, in a room that this one does not refer to.
    private const string StorageDirectory = "Storage:Directory";

    /// <summary>Adds <see cref="ModelCatalog"/>; the process does not start without the models it says it needs.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, params ModelKind[] needed)
    {
        services.AddOptions<ModelsOptions>()
            .BindConfiguration(ModelsOptions.SectionName)
            .PostConfigure<IConfiguration>((options, settings) =>
                options.Directory = string.IsNullOrWhiteSpace(options.Directory) ? ModelsOptions.DirectoryIn(settings[StorageDirectory]) : options.Directory);
        services.TryAddSingleton(provider => new ModelCatalog(provider.GetRequiredService<IOptions<ModelsOptions>>().Value));
        services.AddSingleton(provider => new ModelsCheck(provider.GetRequiredService<ModelCatalog>(), needed));
        services.AddSingleton<IHostedService>(provider => new ModelsCheck(provider.GetRequiredService<ModelCatalog>(), needed));
        return services;
    }

    /// <summary>Adds <see cref="InferenceOptions"/>: where networks run.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.AddOptions<InferenceOptions>()
            .BindConfiguration(InferenceOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services;
    }
}
