using System.Globalization;
using System.Runtime.CompilerServices;
using FaceCloud.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FaceCloud.Cli.DeadLetters;

/// <summary>
/// Dead letters where they lie, over AMQP: they matter most when services are down, and one connection sees those of all services.
/// None is lost on the way: a message leaves its queue only once the broker has confirmed it elsewhere, or on purge.
/// </summary>
internal sealed class DeadLetterBroker : IAsyncDisposable
{
    /// <summary>Every queue of FaceCloud.</summary>
    public static readonly string[] AllQueues =
        [Queues.EnrollPhoto, Queues.CropFaces, Queues.EncodeFace, Queues.FaceEncoded, Queues.EnrolmentOutcome, Queues.EnrolmentFault];

    // A quorum queue counts how often a message was handed out, and drops it after twenty times; looking must not come near that.
    private const int MostLooks = 10;
    private const uint CountLag = 100;
    private const string LooksHeader = "x-delivery-count";

    // What the failed try left; a new try starts clean.
    private static readonly string[] Traces = ["MT-Fault-", "MT-Reason", "MT-Host-", "MT-Redelivery-", "x-death", "x-first-death-", "x-last-death-", LooksHeader];

    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private DeadLetterBroker(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <exception cref="BrokerException">Nobody answers there, or not to this user.</exception>
    public static async Task<DeadLetterBroker> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await new ConnectionFactory { Uri = address, ClientProvidedName = "facecloud queue" }.CreateConnectionAsync(cancellationToken);
            var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            return new DeadLetterBroker(connection, await connection.CreateChannelAsync(confirmed, cancellationToken));
        }
        catch (BrokerUnreachableException exception)
        {
            // The address holds a password.
            var why = exception.InnerException is AuthenticationFailureException ? "refuses this user" : "does not answer";
            throw new BrokerException(Reasons.BrokerUnreachable, $"The broker at {address.Host}:{(address.Port > 0 ? address.Port : 5672)} {why}; see --broker.", exception);
        }
    }

    /// <summary>What waits in a queue of any name, and who consumes it; null: there is no such queue.</summary>
    public async Task<(uint Messages, uint Consumers)?> CountAsync(string queue, CancellationToken cancellationToken)
    {
        // A channel of its own: the broker closes it when there is no such queue.
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            var declared = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            return (declared.MessageCount, declared.ConsumerCount);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    /// <summary>The first dead letters of a queue, which stay where they are.</summary>
    public async Task<IReadOnlyList<DeadLetter>> PeekAsync(string queue, int limit, CancellationToken cancellationToken)
    {
        var seen = new List<DeadLetter>();
        foreach (var place in Places(queue))
        {
            var taken = new List<BasicGetResult>();
            try
            {
                await foreach (var message in TakeAsync(place.Name, limit - seen.Count, cancellationToken))
                {
                    taken.Add(message);
                    seen.Add(DeadLetter.Read(queue, place.IsError, message));
                }
            }
            finally
            {
                await PutBackAsync(place.Name, taken, cancellationToken);
            }
        }

        return seen;
    }

    /// <summary>Sends dead letters to their queue again, those that are there now.</summary>
    /// <param name="queue">The queue they were meant for.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="includeEnded">Also those whose item has ended as FAILED for it.</param>
    /// <param name="cancellationToken">Ends it between two messages.</param>
    /// <exception cref="BrokerException">The queue is full or not there; what was not sent yet stays a dead letter.</exception>
    public async Task<(int Replayed, int Ended)> ReplayAsync(string queue, int limit, bool includeEnded, CancellationToken cancellationToken)
    {
        var (replayed, ended) = (0, 0);
        foreach (var place in Places(queue))
        {
            // All are taken before the first is sent: one that fails again and comes back is not met twice.
            var taken = new List<BasicGetResult>();
            var kept = new List<BasicGetResult>();
            try
            {
                await foreach (var message in TakeAsync(place.Name, limit - replayed, cancellationToken))
                {
                    taken.Add(message);
                    kept.Add(message);
                }

                foreach (var message in taken)
                {
                    if (!includeEnded && DeadLetter.Read(queue, place.IsError, message).IsEnded)
                    {
                        ended++;
                        continue;
                    }

                    await SendAsync(queue, message, withoutTraces: true, cancellationToken);
                    kept.Remove(message);
                    await _channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                    replayed++;
                }
            }
            finally
            {
                await PutBackAsync(place.Name, kept, cancellationToken);
            }
        }

        return (replayed, ended);
    }

    /// <summary>Deletes dead letters, those that are there now. Answers how many.</summary>
    public async Task<int> PurgeAsync(string queue, int limit, CancellationToken cancellationToken)
    {
        var purged = 0;
        foreach (var place in Places(queue))
        {
            await foreach (var message in TakeAsync(place.Name, limit - purged, cancellationToken))
            {
                await _channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                purged++;
            }
        }

        return purged;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static (string Name, bool IsError)[] Places(string queue) => [(queue + Queues.ErrorSuffix, true), (queue + Queues.SkippedSuffix, false)];

    private static bool IsTrace(string header) => Traces.Any(trace => header.StartsWith(trace, StringComparison.Ordinal));

    private static long Looks(BasicGetResult message) =>
        message.BasicProperties.Headers is { } headers && headers.TryGetValue(LooksHeader, out var looks) && looks is not null
            ? Convert.ToInt64(looks, CultureInfo.InvariantCulture)
            : 0;

    private async IAsyncEnumerable<BasicGetResult> TakeAsync(
        string place, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await CountAsync(place, cancellationToken) is not { } there)
        {
            yield break;
        }

        // The broker's count lags behind a moment, so a few more are asked for; there is an end to it all the same.
        for (var left = Math.Min(limit, Math.Max(there.Messages, CountLag)); left > 0; left--)
        {
            if (await _channel.BasicGetAsync(place, autoAck: false, cancellationToken) is not { } message)
            {
                yield break;
            }

            yield return message;
        }
    }

    private async Task PutBackAsync(string place, IReadOnlyList<BasicGetResult> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            if (Looks(message) >= MostLooks)
            {
                await SendAsync(place, message, withoutTraces: false, cancellationToken);
                await _channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            }
            else
            {
                await _channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, cancellationToken);
            }
        }
    }

    private async Task SendAsync(string queue, BasicGetResult message, bool withoutTraces, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties(message.BasicProperties)
        {
            DeliveryMode = DeliveryModes.Persistent,
            Headers = message.BasicProperties.Headers?
                .Where(header => withoutTraces ? !IsTrace(header.Key) : header.Key != LooksHeader)
                .ToDictionary(header => header.Key, header => header.Value),
        };
        try
        {
            await _channel.BasicPublishAsync("", queue, mandatory: true, properties, message.Body, cancellationToken);
        }
        catch (PublishException exception)
        {
            throw new BrokerException(
                Reasons.BrokerRefuses, $"The broker does not take the message for '{queue}': the queue is {(exception.IsReturn ? "not there" : "full")}. What was not sent stays a dead letter.", exception);
        }
    }
}
