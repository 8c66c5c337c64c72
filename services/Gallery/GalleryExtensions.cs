using MassTransit;

namespace FaceCloud.Gallery;

/// <summary>What this service owns.</summary>
public static class GalleryExtensions
{
    public static IHostApplicationBuilder AddGallery(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static void AddGalleryConsumers(this IBusRegistrationConfigurator bus)
    {
    }

    public static WebApplication MapGallery(this WebApplication app)
    {
        return app;
    }
}
