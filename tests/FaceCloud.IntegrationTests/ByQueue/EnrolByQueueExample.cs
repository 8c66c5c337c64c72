using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FaceCloud.IntegrationTests.ByQueue;

/// <summary>The example of shared/docs/enrol-by-queue.md: a test compares the two, and runs this.</summary>
public static class EnrolByQueueExample
{
    // example
    public static async Task<string> EnrolAsync(Uri broker, string galleryId, string personId, byte[] photo, CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        // The broker confirms every publish, and says so when nobody takes the message.
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await connection.CreateChannelAsync(confirmed, cancellationToken);

        // Outcomes of all photos come by here; ours is known by its source. Listen first, send then.
        var source = Guid.NewGuid().ToString();
        var outcome = new TaskCompletionSource<string>();
        var outcomes = await channel.QueueDeclareAsync(cancellationToken: cancellationToken);
        await channel.QueueBindAsync(outcomes.QueueName, "FaceCloud.Contracts.Events:EnrolmentOutcome", "", cancellationToken: cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            using var envelope = JsonDocument.Parse(delivery.Body);
            var message = envelope.RootElement.GetProperty("message");
            if (message.GetProperty("target").GetProperty("source").GetString() == source)
            {
                outcome.TrySetResult(message.ToString());
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(outcomes.QueueName, autoAck: true, consumer, cancellationToken);

        var body = JsonSerializer.SerializeToUtf8Bytes(new { version = 1, galleryId, personId, source, photo });
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
        await channel.BasicPublishAsync("enroll-photo", routingKey: "", mandatory: true, properties, body, cancellationToken);

        // {"target": {"itemId": …, "jobId": …}, "outcome": "ENROLLED", "faceId": …}
        return await outcome.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
    }
    // end of example
}
