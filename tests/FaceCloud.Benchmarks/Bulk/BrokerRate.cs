using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>What the broker alone carries: the largest message of a photo's way, through a quorum queue, confirmed and acknowledged.</summary>
internal static class BrokerRate
{
    private const string Queue = "benchmark";
    private const int InFlight = 64;

    public static async Task<double> MeasureAsync(Uri broker, byte[] message, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        await using var sending = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        await using var taking = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await sending.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        var taken = 0;
        var consumer = new AsyncEventingBasicConsumer(taking);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await taking.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellationToken);
            Interlocked.Increment(ref taken);
        };
        await taking.BasicQosAsync(0, InFlight, global: false, cancellationToken);
        await taking.BasicConsumeAsync(Queue, autoAck: false, consumer, cancellationToken);

        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (clock.Elapsed < time)
            {
                await sending.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, message, cancellationToken);
            }
        }));
        var rate = taken / clock.Elapsed.TotalSeconds;
        await sending.QueueDeleteAsync(Queue, cancellationToken: cancellationToken);
        return rate;
    }
}
