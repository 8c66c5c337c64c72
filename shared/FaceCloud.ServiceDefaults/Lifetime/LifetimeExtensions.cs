using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults.Lifetime;

/// <summary>Start and stop in good order, once for all services.</summary>
public static class LifetimeExtensions
{
    public static TBuilder AddLifetime<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<StartSteps>();
        builder.Services.AddOptions<ShutdownOptions>()
            .BindConfiguration(ShutdownOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) =>
            host.ShutdownTimeout = shutdown.Value.Delay + shutdown.Value.Timeout);

        builder.Services.AddSingleton<Draining>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Draining>());
        builder.Services.AddHealthChecks()
            .AddCheck<StartHealthCheck>("start", tags: [Health.StartupTag, Health.QuietTag])
            .AddCheck<DrainingHealthCheck>("stop", tags: [Health.QuietTag]);
        return builder;
    }
}
