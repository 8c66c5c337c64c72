using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Grpc;
using FaceCloud.ServiceDefaults.Lifetime;
using FaceCloud.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

// The namespace is the Aspire convention: every Program.cs finds it without a using.
namespace Microsoft.Extensions.Hosting;

/// <summary>What every FaceCloud service starts with: telemetry, health, discovery, resilience, gRPC manners.</summary>
public static class ServiceDefaultsExtensions
{
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.AddDefaultHealthChecks();
        builder.AddLifetime();
        builder.AddGrpcDefaults();
        builder.AddOpenApiDefaults();

        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // gRPC clients take AddGrpcResilience instead.
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>Health, gRPC health, metrics, reflection and the API page; in every environment, since orchestrators need them.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapGrpcReflectionService();
        app.MapOpenApiDefaults();
        return app;
    }
}
