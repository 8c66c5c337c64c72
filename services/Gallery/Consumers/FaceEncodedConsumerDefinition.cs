using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Consumers;

/// <summary>Batches of faces, one transaction at a time: two would only wait for each other's lock.</summary>
public sealed class FaceEncodedConsumerDefinition : ConsumerDefinition<FaceEncodedConsumer>
{
    private readonly GalleryOptions _options;

    public FaceEncodedConsumerDefinition(IOptions<GalleryOptions> options)
    {
        _options = options.Value;
        EndpointName = Queues.FaceEncoded;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<FaceEncodedConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = 2 * _options.StoreBatch;
        endpointConfigurator.UseCheck<FaceEncoded>(face => MessageChecks.Target(face.Target));
        endpointConfigurator.UseMessageRetry(retry =>
        {
            if (_options.StoreRetries == 0)
            {
                retry.None();
                return;
            }

            var first = _options.StoreRetryPause / 64;
            retry.Exponential(_options.StoreRetries, first, _options.StoreRetryPause, first);
        });
        endpointConfigurator.UseBrokerRetry();
        consumerConfigurator.Options<BatchOptions>(batch => batch
            .SetMessageLimit(_options.StoreBatch)
            .SetTimeLimit(_options.StoreBatchWait)
            .SetTimeLimitStart(BatchTimeLimitStart.FromLast)
            .SetConcurrencyLimit(1));
    }
}
