using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using MassTransit;

namespace FaceCloud.ServiceDefaults.Messaging;

/// <summary>
/// Queues on RabbitMQ. Publisher and consumer both declare them, whoever starts first, so their arguments stand here once:
/// a difference of one argument is refused by the broker.
/// </summary>
internal static class RabbitMqTopology
{
    /// <summary>
    /// A message whose consumers died that often with it in hand is dropped, or it would kill them for ever; Ingestion finds
    /// the item without an outcome and publishes it again, a limited number of times. What a consumer throws does not count here.
    /// </summary>
    private const int DeliveryLimit = 20;

    /// <summary>What strangers may leave in the broker: photos wait there as long as Ingestion is away.</summary>
    private const long MostBytesOfStrangers = 1L << 30;

    /// <summary>Makes a consumer's endpoint a durable quorum queue.</summary>
    public static void UseDurableQueue(this IReceiveEndpointConfigurator endpoint, string name)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
        {
            SetArguments(queue);
            if (name == Queues.EnrollPhoto)
            {
                TakeFromStrangers(queue);
            }
        }
    }

    /// <summary>Whoever publishes makes the consumer's queue too: a message must not vanish because its consumer has never started.</summary>
    public static void DeclareQueues(this IRabbitMqBusFactoryConfigurator rabbit)
    {
        Declare<CropFaces>(Queues.CropFaces);
        Declare<EncodeFace>(Queues.EncodeFace);
        Declare<FaceEncoded>(Queues.FaceEncoded);
        Declare<EnrolmentOutcome>(Queues.EnrolmentOutcome);
        Declare<Fault<CropFaces>>(Queues.EnrolmentFault);
        Declare<Fault<EncodeFace>>(Queues.EnrolmentFault);
        Declare<Fault<FaceEncoded>>(Queues.EnrolmentFault);

        // Bound to the message's own exchange. A consumer's endpoint adds a second way, over an exchange of the queue's name;
        // a message that has two ways to a queue is put there once.
        void Declare<TMessage>(string queue)
            where TMessage : class =>
            rabbit.Publish<TMessage>(publish => publish.BindQueue(publish.Exchange.ExchangeName, queue, SetArguments));
    }

    // No item stands for a message here yet, so none may be lost: when the queue is full the sender's publish is refused by the broker,
    // and what is delivered too often goes to the dead letters instead of nowhere.
    private static void TakeFromStrangers(IRabbitMqReceiveEndpointConfigurator queue)
    {
        queue.SetQueueArgument("x-max-length-bytes", MostBytesOfStrangers);
        queue.SetQueueArgument("x-overflow", "reject-publish");
        queue.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
        queue.BindDeadLetterQueue(Queues.EnrollPhoto + Queues.ErrorSuffix, Queues.EnrollPhoto + Queues.ErrorSuffix, SetArguments);
    }

    // Quorum: on disk, on a majority of the broker's nodes.
    private static void SetArguments(IRabbitMqQueueConfigurator queue)
    {
        queue.SetQueueArgument("x-queue-type", "quorum");
        queue.SetQueueArgument("x-delivery-limit", DeliveryLimit);
    }
}
