using MassTransit;

namespace FaceCloud.Encoder;

/// <summary>What this service owns.</summary>
public static class EncoderExtensions
{
    public static IHostApplicationBuilder AddEncoder(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static void AddEncoderConsumers(this IBusRegistrationConfigurator bus)
    {
    }

    public static WebApplication MapEncoder(this WebApplication app)
    {
        return app;
    }
}
