using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FaceCloud.IntegrationTests.ByQueue;

/// <summary>A stranger with an AMQP client and no code of ours.</summary>
public sealed class PlainClient : IAsyncDisposable
{
    private readonly IConnection _connection;

    private PlainClient(IConnection connection) => _connection = connection;

    public static async Task<PlainClient> ConnectAsync(Uri broker, CancellationToken cancellationToken) =>
        new(await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken));

    /// <summary>Puts a message into a queue; the broker has it when this returns.</summary>
    public async Task SendAsync(string queue, string? contentType, string body, CancellationToken cancellationToken)
    {
        await using var channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent };
        if (contentType is not null)
        {
            properties.ContentType = contentType;
        }

        await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body), cancellationToken);
    }

    /// <summary>Messages that nobody has taken yet; 0 when there is no such queue.</summary>
    public async Task<uint> DepthAsync(string queue, CancellationToken cancellationToken)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException)
        {
            return 0;
        }
    }

    /// <summary>Takes everything out of a queue: the headers of each message as text.</summary>
    public async Task<List<Dictionary<string, string>>> TakeAllAsync(string queue, CancellationToken cancellationToken)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var taken = new List<Dictionary<string, string>>();
        try
        {
            while (await channel.BasicGetAsync(queue, autoAck: true, cancellationToken) is { } message)
            {
                taken.Add((message.BasicProperties.Headers ?? new Dictionary<string, object?>())
                    .ToDictionary(header => header.Key, header => header.Value is byte[] text ? Encoding.UTF8.GetString(text) : $"{header.Value}"));
            }
        }
        catch (OperationInterruptedException)
        {
            // There is no such queue, so nothing is in it.
        }

        return taken;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
