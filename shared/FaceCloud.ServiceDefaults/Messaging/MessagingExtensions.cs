using FaceCloud.ServiceDefaults.Lifetime;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults.Messaging;

/// <summary>The bus, once for all services: MassTransit on RabbitMQ or in memory.</summary>
public static class MessagingExtensions
{
    private const string ConnectionName = "rabbitmq";
    private const string LocalBroker = "amqp://guest:guest@localhost:5672";

    /// <summary>
    /// Adds the bus with the consumers of this process. On RabbitMQ the process starts without its broker and waits for it;
    /// <c>/health</c> says so meanwhile. In memory the bus is ready before the first call comes in.
    /// </summary>
    public static TBuilder AddMessaging<TBuilder>(
        this TBuilder builder,
        Action<IBusRegistrationConfigurator> consumers,
        MessagingTransport defaultTransport = MessagingTransport.RabbitMq)
        where TBuilder : IHostApplicationBuilder
    {
        var broker = builder.Configuration.GetConnectionString(ConnectionName);
        var configured = builder.Configuration.GetSection(MessagingOptions.SectionName).Get<MessagingOptions>()?.Transport;
        var transport = configured ?? (broker is null ? defaultTransport : MessagingTransport.RabbitMq);

        builder.Services.AddOptions<MessagingOptions>()
            .BindConfiguration(MessagingOptions.SectionName)
            // Whoever asks reads the transport in use.
            .PostConfigure(options => options.Transport = transport)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.Services.TryAddSingleton<StartSteps>();
        builder.Services.AddMassTransit(bus =>
        {
            // MassTransit would report its use to its makers; what handles faces calls nobody.
            bus.DisableUsageTelemetry();
            consumers(bus);
            if (transport == MessagingTransport.InMemory)
            {
                bus.UsingInMemory((context, memory) =>
                {
                    memory.LimitCropsOnTheWay();
                    memory.UseFilter(new StartFilter(context.GetRequiredService<StartSteps>()));
                    memory.ConfigureEndpoints(context);
                });
            }
            else
            {
                bus.AddConfigureEndpointsCallback((queue, endpoint) => endpoint.UseDurableQueue(queue));
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    // Publish returns once the broker has the message: that is what "acknowledged" rests on.
                    rabbit.Host(new Uri(broker ?? LocalBroker), host => host.PublisherConfirmation = true);
                    rabbit.DeclareQueues();
                    rabbit.KeepDeadLettersUnbounded();
                    rabbit.UseFilter(new StartFilter(context.GetRequiredService<StartSteps>()));
                    rabbit.ConfigureEndpoints(context);
                });
            }
        });

        builder.Services.AddOptions<MassTransitHostOptions>().Configure<IOptions<ShutdownOptions>>((options, shutdown) =>
        {
            // What is published in memory before the consumers are there is lost; a broker may come later.
            options.WaitUntilStarted = transport == MessagingTransport.InMemory;
            // Stopping waits for what is being consumed, so that a shutdown drains.
            options.StopTimeout = shutdown.Value.Timeout;
        });
        return builder;
    }
}
