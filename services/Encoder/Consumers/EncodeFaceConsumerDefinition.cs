using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Encoder.Consumers;

/// <summary>Batches, prefetch and retries of <see cref="EncodeFaceConsumer"/>.</summary>
internal sealed class EncodeFaceConsumerDefinition : ConsumerDefinition<EncodeFaceConsumer>
{
    private readonly EncoderOptions _options;

    public EncodeFaceConsumerDefinition(IOptions<EncoderOptions> options)
    {
        _options = options.Value;
        EndpointName = Queues.EncodeFace;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<EncodeFaceConsumer> consumerConfigurator, IRegistrationContext context)
    {
        // One batch gathers while the others are encoded, and one more is on its way.
        endpointConfigurator.PrefetchCount = (_options.ConcurrentMessageBatches + 1) * _options.MessageBatch;
        endpointConfigurator.UseCheck<EncodeFace>(command => MessageChecks.Target(command.Target));
        endpointConfigurator.UseMessageRetry(retry =>
            retry.Exponential(_options.Retries, _options.RetryPause, _options.LongestRetryPause, _options.RetryPause));
        consumerConfigurator.Options<BatchOptions>(batch => batch
            .SetMessageLimit(_options.MessageBatch)
            .SetTimeLimit(_options.MessageWait)
            .SetTimeLimitStart(BatchTimeLimitStart.FromFirst)
            .SetConcurrencyLimit(_options.ConcurrentMessageBatches));
    }
}
