using FaceCloud.Contracts;
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
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<EnrolmentFaultConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseMessageRetry(retry => retry.Backoff(_options));
}
