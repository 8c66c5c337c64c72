using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>One queue for the faults of every step.</summary>
public sealed class EnrolmentFaultConsumerDefinition : ConsumerDefinition<EnrolmentFaultConsumer>
{
    private readonly IngestionOptions _options;

    public EnrolmentFaultConsumerDefinition(IOptions<IngestionOptions> options)
    {
        _options = options.Value;
        EndpointName = Queues.EnrolmentFault;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<EnrolmentFaultConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.UseCheck<Fault<CropFaces>>(fault => MessageChecks.Target(fault.Message?.Target));
        endpointConfigurator.UseCheck<Fault<EncodeFace>>(fault => MessageChecks.Target(fault.Message?.Target));
        endpointConfigurator.UseCheck<Fault<FaceEncoded>>(fault => MessageChecks.Target(fault.Message?.Target));
        endpointConfigurator.UseMessageRetry(retry => retry.Backoff(_options));
    }
}
