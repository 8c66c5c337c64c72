using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FaceCloud.Ingestion.Tests.Messaging;

/// <summary>The bus of all services on a real broker: FACECLOUD_TEST_RABBITMQ, an amqp address whose queues may be deleted.</summary>
public sealed class RabbitMqTests : IAsyncLifetime
{
    private const string Variable = "FACECLOUD_TEST_RABBITMQ";

    private static readonly string? Broker = Environment.GetEnvironmentVariable(Variable);
    private static readonly string[] AllQueues =
        [Queues.CropFaces, Queues.EncodeFace, Queues.FaceEncoded, Queues.EnrolmentOutcome, Queues.EnrolmentFault, Queues.CropFaces + "_error"];

    private static readonly string[] Messages =
        [.. new[] { typeof(CropFaces), typeof(EncodeFace), typeof(FaceEncoded), typeof(EnrolmentOutcome) }.Select(type => $"{type.Namespace}:{type.Name}")];

    private static readonly Dictionary<string, object?> Arguments = new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 20 };

    private IConnection? _connection;

    public async ValueTask InitializeAsync()
    {
        if (!string.IsNullOrEmpty(Broker))
        {
            _connection = await new ConnectionFactory { Uri = new Uri(Broker) }.CreateConnectionAsync();
            await DeleteQueuesAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await DeleteQueuesAsync();
            await _connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Publish_NoConsumerEverStarted_IsKeptForIt()
    {
        SkipWithoutBroker();
        var commands = Enumerable.Range(0, 50).Select(_ => Command()).ToArray();
        await using var publisher = await StartAsync(_ => { });
        await Task.WhenAll(commands.Select(command => publisher.Services.GetRequiredService<IBus>().Publish(command)));
        await publisher.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(50u, await DepthAsync(Queues.CropFaces));
        var taken = new Taken();
        await using var consumer = await StartAsync(bus => bus.AddConsumer<Taker>().Endpoint(endpoint => endpoint.Name = Queues.CropFaces), taken);
        var received = await taken.WaitAsync(50);

        Assert.Equal(commands.Select(command => command.Target.ItemId).Order(), received.Order());
    }

    [Fact]
    public async Task Start_ConsumerFirstThenPublisher_SameQueues()
    {
        SkipWithoutBroker();
        var taken = new Taken();
        await using var consumer = await StartAsync(bus => bus.AddConsumer<Taker>().Endpoint(endpoint => endpoint.Name = Queues.CropFaces), taken);
        await using var publisher = await StartAsync(_ => { });
        var command = Command();

        await publisher.Services.GetRequiredService<IBus>().Publish(command);
        await consumer.Services.GetRequiredService<IBus>().Publish(command);

        Assert.Equal([command.Target.ItemId, command.Target.ItemId], await taken.WaitAsync(2));

        // The queue now has two ways from the message's exchange; a message takes one.
        await consumer.StopAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => publisher.Services.GetRequiredService<IBus>().Publish(Command())));
        Assert.Equal(10u, await DepthAsync(Queues.CropFaces));
    }

    [Fact]
    public async Task Publish_Queue_IsDurableQuorumWithALimit()
    {
        SkipWithoutBroker();
        await using var publisher = await StartAsync(_ => { });
        await publisher.Services.GetRequiredService<IBus>().Publish(Command());

        // Another type of queue, or another argument, is refused: what is declared here is what is there.
        await using var channel = await _connection!.CreateChannelAsync();
        var declared = await channel.QueueDeclareAsync(Queues.CropFaces, durable: true, exclusive: false, autoDelete: false, Arguments);
        await Assert.ThrowsAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync(Queues.CropFaces, durable: true, exclusive: false, autoDelete: false));

        Assert.Equal(1u, declared.MessageCount);
    }

    [Fact]
    public async Task Consume_FailsForGood_ErrorQueueAndFaultAreKept()
    {
        SkipWithoutBroker();
        await using var host = await StartAsync(bus => bus.AddConsumer<Thrower>().Endpoint(endpoint => endpoint.Name = Queues.CropFaces));

        await host.Services.GetRequiredService<IBus>().Publish(Command());

        await Waiting.UntilAsync(async () => await DepthAsync(Queues.CropFaces + "_error") == 1 && await DepthAsync(Queues.EnrolmentFault) == 1);
        await using var channel = await _connection!.CreateChannelAsync();
        var declared = await channel.QueueDeclareAsync(Queues.CropFaces + "_error", durable: true, exclusive: false, autoDelete: false, Arguments);

        Assert.Equal(1u, declared.MessageCount);
    }

    [Fact]
    public async Task Start_BrokerIsNotThere_ProcessWaitsAndHealthSaysSo()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        await using var host = await StartAsync(_ => { }, broker: $"amqp://guest:guest@127.0.0.1:{port}");
        using var http = host.GetTestClient();
        using var alive = await http.GetAsync("/alive");
        using var health = await http.GetAsync("/health");
        var checks = (await health.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks");

        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("Unhealthy", checks.GetProperty("masstransit-bus").GetProperty("status").GetString());
    }

    private static void SkipWithoutBroker() =>
        Assert.SkipWhen(string.IsNullOrEmpty(Broker), $"Needs RabbitMQ; set {Variable} to an amqp address whose queues may be deleted.");

    private static async Task<WebApplication> StartAsync(Action<IBusRegistrationConfigurator> consumers, Taken? taken = null, string? broker = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:rabbitmq"] = broker ?? Broker });
        builder.AddServiceDefaults();
        builder.AddMessaging(consumers, MessagingTransport.InMemory);
        builder.Services.AddSingleton(taken ?? new Taken());
        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync();
        return app;
    }

    private static CropFaces Command() => new()
    {
        PhotoKey = "abcd",
        Target = new EnrolmentTarget
        {
            TenantId = Tenants.Default,
            JobId = "load",
            ItemId = Guid.NewGuid(),
            GalleryId = "staff",
            PersonId = "ada",
            PhotoSha256 = "00",
            AcceptedAt = DateTimeOffset.UnixEpoch,
        },
    };

    private async Task<uint> DepthAsync(string queue)
    {
        await using var channel = await _connection!.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (OperationInterruptedException)
        {
            return 0;
        }
    }

    private async Task DeleteQueuesAsync()
    {
        await using var channel = await _connection!.CreateChannelAsync();
        foreach (var queue in AllQueues)
        {
            await channel.QueueDeleteAsync(queue);
            await channel.ExchangeDeleteAsync(queue);
        }

        // A binding that another test left would hide one that is missing.
        foreach (var message in Messages)
        {
            await channel.ExchangeDeleteAsync(message);
            await channel.ExchangeDeleteAsync($"MassTransit:Fault--{message}--");
        }
    }

    internal sealed class Taken
    {
        private readonly ConcurrentQueue<Guid> _items = [];

        public void Add(Guid item) => _items.Enqueue(item);

        public async Task<IReadOnlyCollection<Guid>> WaitAsync(int count)
        {
            await Waiting.UntilAsync(() => Task.FromResult(_items.Count >= count));
            return _items;
        }
    }

    internal sealed class Taker(Taken taken) : IConsumer<CropFaces>
    {
        public Task Consume(ConsumeContext<CropFaces> context)
        {
            taken.Add(context.Message.Target.ItemId);
            return Task.CompletedTask;
        }
    }

    internal sealed class Thrower : IConsumer<CropFaces>
    {
        public Task Consume(ConsumeContext<CropFaces> context) => throw new InvalidOperationException("For good.");
    }
}
