using System.Text;
using System.Text.Json;
using FaceCloud.Contracts;
using RabbitMQ.Client;

namespace FaceCloud.Cli.Tests;

/// <summary><c>facecloud queue</c> on a real broker.</summary>
public sealed class QueueCommandTests : IAsyncLifetime
{
    private const string Variable = "FACECLOUD_TEST_RABBITMQ";
    private const string Item = "0f1e2d3c-0000-4000-8000-000000000001";

    private static readonly string[] OurQueues =
        [.. new[] { Queues.EnrollPhoto, Queues.CropFaces }.SelectMany(queue => new[] { queue, queue + Queues.ErrorSuffix, queue + Queues.SkippedSuffix })];

    // As the services declare them.
    private static readonly Dictionary<string, object?> Arguments = new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 20 };

    private IConnection? _connection;
    private IChannel? _channel;

    private static string? Broker => Environment.GetEnvironmentVariable(Variable);

    private IChannel Channel
    {
        get
        {
            Assert.SkipWhen(_channel is null, $"Needs RabbitMQ; set {Variable} to an amqp address whose queues may be deleted.");
            return _channel;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!string.IsNullOrEmpty(Broker))
        {
            _connection = await new ConnectionFactory { Uri = new Uri(Broker) }.CreateConnectionAsync();
            _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
            await DeleteAsync();
            foreach (var queue in OurQueues)
            {
                await _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Arguments);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null && _connection is not null)
        {
            await DeleteAsync();
            await _channel.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task List_EveryQueue_WhatWaitsAndWhatIsDead()
    {
        await DeadLetterAsync(Queues.CropFaces, "one");
        await Channel.BasicPublishAsync("", Queues.EnrollPhoto, mandatory: true, Encoding.UTF8.GetBytes("{}"));

        var (code, json) = await RunAsync("list");

        var rows = json.GetProperty("queues").EnumerateArray().ToDictionary(row => row.GetProperty("queue").GetString()!);
        Assert.Equal((0, 6), (code, rows.Count));
        Assert.Equal((true, 0, 1), (rows["crop-faces"].GetProperty("exists").GetBoolean(), rows["crop-faces"].GetProperty("messages").GetInt32(), rows["crop-faces"].GetProperty("failed").GetInt32()));
        Assert.Equal((1, 0), (rows["enroll-photo"].GetProperty("messages").GetInt32(), rows["enroll-photo"].GetProperty("consumers").GetInt32()));
        Assert.False(rows["face-encoded"].GetProperty("exists").GetBoolean());
    }

    [Fact]
    public async Task Peek_AnyNumberOfTimes_SaysWhyAndNothingIsLost()
    {
        await DeadLetterAsync(Queues.EnrollPhoto, "one", reason: "The disk is full.");
        await DeadLetterAsync(Queues.EnrollPhoto, "two");

        // A quorum queue with a limit would have dropped them after twenty looks.
        var looks = new List<JsonElement>();
        for (var look = 0; look < 25; look++)
        {
            looks.Add((await RunAsync("peek", "enroll-photo")).Json);
        }

        Assert.All(looks, look => Assert.Equal(2, look.GetProperty("deadLetters").GetArrayLength()));
        var first = looks[0].GetProperty("deadLetters")[0];
        Assert.Equal(("enroll-photo", "ERROR", "The disk is full."), (first.GetProperty("queue").GetString(), first.GetProperty("kind").GetString(), first.GetProperty("reason").GetString()));
        Assert.Equal(("load", Item, "Commands:Thing"), (first.GetProperty("jobId").GetString(), first.GetProperty("itemId").GetString(), first.GetProperty("messageType").GetString()));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("body").ValueKind);
        Assert.Equal(2u, await DepthAsync("enroll-photo_error"));
    }

    [Fact]
    public async Task Peek_WithBody_ShowsTheMessage()
    {
        await DeadLetterAsync(Queues.EnrollPhoto, "one");

        var (_, json) = await RunAsync("peek", "enroll-photo", "--body");

        Assert.Contains("\"word\": \"one\"", json.GetProperty("deadLetters")[0].GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peek_NeitherJsonNorHeaders_IsShownAllTheSame()
    {
        await Channel.BasicPublishAsync("", "crop-faces_skipped", mandatory: true, Encoding.UTF8.GetBytes("good day"));

        var (code, json) = await RunAsync("peek");

        var letter = Assert.Single(json.GetProperty("deadLetters").EnumerateArray());
        Assert.Equal((0, "SKIPPED", 8), (code, letter.GetProperty("kind").GetString(), letter.GetProperty("bytes").GetInt32()));
    }

    [Fact]
    public async Task Replay_DeadLetters_ToTheirQueueInOrderWithoutTracesOfTheFailure()
    {
        foreach (var word in new[] { "one", "two", "three" })
        {
            await DeadLetterAsync(Queues.EnrollPhoto, word);
        }

        var (code, json) = await RunAsync("replay", "enroll-photo", "--limit", "2");

        Assert.Equal((0, 2), (code, json.GetProperty("replayed").GetInt32()));
        Assert.Equal((2u, 1u), (await DepthAsync("enroll-photo"), await DepthAsync("enroll-photo_error")));
        var message = (await Channel.BasicGetAsync("enroll-photo", autoAck: true))!;
        Assert.Contains("one", Encoding.UTF8.GetString(message.Body.Span), StringComparison.Ordinal);
        Assert.Equal(("application/json", DeliveryModes.Persistent), (message.BasicProperties.ContentType, message.BasicProperties.DeliveryMode));
        Assert.Equal(["keep"], message.BasicProperties.Headers!.Keys.Where(header => !header.StartsWith("x-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Replay_ItemHasEndedAsFailed_LeftUnlessAskedFor()
    {
        await DeadLetterAsync(Queues.CropFaces, "ended", exception: "FaceCloud.Contracts.Failures.FailureException");
        await DeadLetterAsync(Queues.CropFaces, "unread", exception: "System.Runtime.Serialization.SerializationException");

        var (_, first) = await RunAsync("replay");
        var (_, second) = await RunAsync("replay", "--include-ended");

        Assert.Equal((1, 1), (first.GetProperty("replayed").GetInt32(), first.GetProperty("ended").GetInt32()));
        Assert.Equal((1, 0), (second.GetProperty("replayed").GetInt32(), second.GetProperty("ended").GetInt32()));
        Assert.Equal((2u, 0u), (await DepthAsync("crop-faces"), await DepthAsync("crop-faces_error")));
    }

    [Fact]
    public async Task Replay_QueueIsGone_SaysSoAndTheDeadLetterStays()
    {
        await DeadLetterAsync(Queues.EnrollPhoto, "one");
        await Channel.QueueDeleteAsync(Queues.EnrollPhoto);

        var (code, json) = await RunAsync("replay", "enroll-photo");

        Assert.Equal((3, "BROKER_REFUSES"), (code, json.GetProperty("error").GetProperty("reason").GetString()));
        Assert.Equal(1u, await DepthAsync("enroll-photo_error"));
    }

    [Fact]
    public async Task Purge_WithoutYes_NothingIsDeletedAndWithYesAll()
    {
        await DeadLetterAsync(Queues.EnrollPhoto, "one");
        await DeadLetterAsync(Queues.CropFaces, "two");

        var (refused, _) = await RunAsync("purge");
        var left = await DepthAsync("enroll-photo_error");
        var (code, json) = await RunAsync("purge", "--yes");

        Assert.Equal((2, 1u), (refused, left));
        Assert.Equal((0, 2), (code, json.GetProperty("purged").GetInt32()));
        Assert.Equal((0u, 0u), (await DepthAsync("enroll-photo_error"), await DepthAsync("crop-faces_error")));
    }

    [Theory]
    [InlineData("amqp://guest:secret@127.0.0.1:1", 3, "BROKER_UNREACHABLE")]
    [InlineData("http://localhost", 2, "USAGE")]
    public async Task List_WrongBroker_SaysSoWithoutThePassword(string address, int code, string reason)
    {
        var run = await CliFixture.RunAtAsync("http://localhost:1", TestContext.Current.CancellationToken, "queue", "list", "--broker", address, "--json");
        var error = JsonDocument.Parse(run.Output).RootElement.GetProperty("error");

        Assert.Equal((code, reason), (run.Code, error.GetProperty("reason").GetString()));
        Assert.DoesNotContain("secret", run.Output + run.Error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, JsonElement Json)> RunAsync(params string[] args)
    {
        var run = await CliFixture.RunAtAsync("http://localhost:1", TestContext.Current.CancellationToken, ["queue", .. args, "--broker", Broker!, "--json"]);
        Assert.Equal("", run.Error);
        return (run.Code, JsonDocument.Parse(run.Output).RootElement);
    }

    private async Task DeadLetterAsync(string queue, string word, string reason = "It broke.", string? exception = null)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?>
            {
                ["MT-Reason"] = "fault",
                ["MT-Fault-Message"] = reason,
                ["MT-Fault-ExceptionType"] = exception,
                ["MT-Host-MachineName"] = "host",
                ["keep"] = "this",
            },
        };
        var body = $$$"""{"messageType": ["urn:message:Commands:Thing"], "message": {"target": {"jobId": "load", "itemId": "{{{Item}}}"}, "word": "{{{word}}}"}}""";
        await Channel.BasicPublishAsync("", queue + Queues.ErrorSuffix, mandatory: true, properties, Encoding.UTF8.GetBytes(body));
    }

    private async Task<uint> DepthAsync(string queue) => (await Channel.QueueDeclarePassiveAsync(queue)).MessageCount;

    private async Task DeleteAsync()
    {
        foreach (var queue in OurQueues)
        {
            await _channel!.QueueDeleteAsync(queue);
        }
    }
}
