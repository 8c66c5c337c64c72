using MassTransit;

namespace FaceCloud.Ingestion;

/// <summary>What this service owns.</summary>
public static class IngestionExtensions
{
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static void AddIngestionConsumers(this IBusRegistrationConfigurator bus)
    {
    }

    public static WebApplication MapIngestion(this WebApplication app)
    {
        return app;
    }
}
