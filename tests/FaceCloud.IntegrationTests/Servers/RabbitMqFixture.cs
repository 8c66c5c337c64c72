using FaceCloud.Contracts;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.TestServers;
using RabbitMQ.Client;

[assembly: AssemblyFixture(typeof(RabbitMqFixture))]

namespace FaceCloud.IntegrationTests.Servers;

/// <summary>The broker of FACECLOUD_TEST_RABBITMQ (an amqp URI whose queues may be deleted), else a private one.</summary>
public sealed class RabbitMqFixture : IAsyncDisposable
{
    private static readonly string[] OurQueues = [.. typeof(Queues).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    private RabbitMqServer? _own;

    /// <summary>Address of the broker, without queues of earlier tests. Skips the test when there is no RabbitMQ, fails it in CI.</summary>
    public async Task<Uri> EmptyBrokerAsync(CancellationToken cancellationToken)
    {
        var address = await AddressAsync(cancellationToken);
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var queue in OurQueues)
        {
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
            await channel.QueueDeleteAsync(queue + "_error", ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
            await channel.QueueDeleteAsync(queue + "_skipped", ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
        }

        return address;
    }

    /// <summary>For tests that kill a broker: never the one of the environment.</summary>
    public static RabbitMqServer PrivateBroker()
    {
        RequireInstalled();
        return RabbitMqServer.NotYetStarted();
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    private static void RequireInstalled() =>
        TestRun.Require(RabbitMqServer.IsInstalled, "RabbitMQ is not installed (apt-get install rabbitmq-server), and FACECLOUD_TEST_RABBITMQ names none.");

    private async Task<Uri> AddressAsync(CancellationToken cancellationToken)
    {
        if (TestRun.Setting("FACECLOUD_TEST_RABBITMQ") is { } given)
        {
            return new Uri(given);
        }

        RequireInstalled();
        _own ??= await RabbitMqServer.StartAsync(cancellationToken);
        return _own.Address;
    }
}
