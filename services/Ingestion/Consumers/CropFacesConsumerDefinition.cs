using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>As many photos in hand as keep all cores cropping; commands are small, so twice as many wait here.</summary>
public sealed class CropFacesConsumerDefinition : ConsumerDefinition<CropFacesConsumer>
{
    private readonly IngestionOptions _options;

    public CropFacesConsumerDefinition(IOptions<IngestionOptions> options)
    {
        _options = options.Value;
        EndpointName = Queues.CropFaces;
        ConcurrentMessageLimit = _options.PhotosInHand;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<CropFacesConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = 2 * _options.PhotosInHand;
        endpointConfigurator.UseCheck<CropFaces>(command => MessageChecks.Target(command.Target));
        endpointConfigurator.UseMessageRetry(retry => retry.Backoff(_options));
        endpointConfigurator.UseBrokerRetry();
    }
}
