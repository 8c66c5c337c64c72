using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>Batches of outcomes, one transaction at a time: two would only wait for each other's lock.</summary>
public sealed class EnrolmentOutcomeConsumerDefinition : ConsumerDefinition<EnrolmentOutcomeConsumer>
{
    private readonly IngestionOptions _options;

    public EnrolmentOutcomeConsumerDefinition(IOptions<IngestionOptions> options)
    {
        _options = options.Value;
        EndpointName = Queues.EnrolmentOutcome;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<EnrolmentOutcomeConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = 2 * _options.OutcomeBatchSize;
        endpointConfigurator.UseCheck<EnrolmentOutcome>(MessageChecks.Outcome);
        endpointConfigurator.UseMessageRetry(retry => retry.Backoff(_options));
        consumerConfigurator.Options<BatchOptions>(batch => batch
            .SetMessageLimit(_options.OutcomeBatchSize)
            .SetTimeLimit(_options.OutcomeBatchWait)
            .SetTimeLimitStart(BatchTimeLimitStart.FromLast)
            .SetConcurrencyLimit(1));
    }
}
