using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>As many at once as an upload stream; plain JSON is taken too, and is what a message without a content type is read as.</summary>
public sealed class EnrollPhotoConsumerDefinition : ConsumerDefinition<EnrollPhotoConsumer>
{
    // At the longest wait between them (30 s by default) about eight hours: no other item waits behind one that something of ours holds up.
    private const int HealingTries = 1000;

    private readonly IngestionOptions _options;

    public EnrollPhotoConsumerDefinition(IOptions<IngestionOptions> options)
    {
        _options = options.Value;
        EndpointName = Queues.EnrollPhoto;
        ConcurrentMessageLimit = _options.UploadParallelism;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<EnrollPhotoConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = 2 * _options.UploadParallelism;
        endpointConfigurator.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Ignore<FailureException>(EnrollPhotoConsumer.MayHeal);
            retry.Ignore<IOException>();
            retry.Backoff(_options);
        });
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Handle<FailureException>(EnrollPhotoConsumer.MayHeal);
            retry.Handle<IOException>();
            retry.Exponential(HealingTries, _options.RetryMinInterval, _options.RetryMaxInterval, _options.RetryMinInterval);
        });
    }
}
