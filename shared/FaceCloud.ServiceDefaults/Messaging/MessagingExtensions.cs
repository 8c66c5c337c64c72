using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceCloud.ServiceDefaults.Messaging;

/// <summary>The bus, once for all services: MassTransit on RabbitMQ or in memory.</summary>
public static class MessagingExtensions
{
    private const string ConnectionName = "rabbitmq";
    private const string LocalBroker = "amqp://guest:guest@localhost:5672";

    /// <summary>Adds the bus with the consumers of this process.</summary>
    public static TBuilder AddMessaging<TBuilder>(
        this TBuilder builder,
        Action<IBusRegistrationConfigurator> consumers,
        MessagingTransport defaultTransport = MessagingTransport.RabbitMq)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<MessagingOptions>()
            .BindConfiguration(MessagingOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        var broker = builder.Configuration.GetConnectionString(ConnectionName);
        var configured = builder.Configuration.GetSection(MessagingOptions.SectionName).Get<MessagingOptions>()?.Transport;
        var transport = configured ?? (broker is null ? defaultTransport : MessagingTransport.RabbitMq);

        builder.Services.AddMassTransit(bus =>
        {
            consumers(bus);
            if (transport == MessagingTransport.InMemory)
            {
                bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
                return;
            }

            bus.AddConfigureEndpointsCallback((_, endpoint) =>
            {
                if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                {
                    queue.SetQuorumQueue();
                }
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(broker ?? LocalBroker));
                DeclareQueues(rabbit);
                rabbit.ConfigureEndpoints(context);
            });
        });

        // Stopping waits for what is being consumed, so that a shutdown drains.
        builder.Services.Configure<MassTransitHostOptions>(options => options.StopTimeout = TimeSpan.FromSeconds(30));
        return builder;
    }

    // Whoever publishes makes the consumer's queue too: a message must not vanish because its consumer has never started.
    private static void DeclareQueues(IRabbitMqBusFactoryConfigurator rabbit)
    {
        Declare<CropFaces>(Queues.CropFaces);
        Declare<EncodeFace>(Queues.EncodeFace);
        Declare<FaceEncoded>(Queues.FaceEncoded);
        Declare<EnrolmentOutcome>(Queues.EnrolmentOutcome);

        void Declare<TMessage>(string queue)
            where TMessage : class =>
            rabbit.Publish<TMessage>(publish => publish.BindQueue(queue, queue, binding =>
            {
                binding.ExchangeType = "fanout";
                binding.SetQueueArgument("x-queue-type", "quorum");
            }));
    }
}
