using FaceCloud.Contracts;
using FaceCloud.TestServers;
using FaceCloud.TestServers.Processes;
using Npgsql;
using RabbitMQ.Client;

namespace FaceCloud.IntegrationTests.Servers;

/// <summary>The servers that the other tests stand on.</summary>
public sealed class ServersTests(PostgresFixture postgres, RabbitMqFixture rabbit)
{
    [Fact]
    public async Task CreateDatabase_Twice_TwoEmptyDatabases()
    {
        var cancelled = TestContext.Current.CancellationToken;

        var one = await postgres.CreateDatabaseAsync(cancelled);
        var other = await postgres.CreateDatabaseAsync(cancelled);

        await using (var connection = new NpgsqlConnection(one))
        {
            await connection.OpenAsync(cancelled);
            await using var command = new NpgsqlCommand("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'", connection);
            Assert.Equal(0L, await command.ExecuteScalarAsync(cancelled));
        }

        Assert.NotEqual(one, other);
        await postgres.DropDatabaseAsync(one, cancelled);
        await postgres.DropDatabaseAsync(other, cancelled);
    }

    [Fact]
    public async Task EmptyBroker_QueueOfAnEarlierTest_IsGone()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var address = await rabbit.EmptyBrokerAsync(cancelled);
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync(cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancelled);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(Queues.CropFaces, durable: true, exclusive: false, autoDelete: false, quorum, cancellationToken: cancelled);

        await rabbit.EmptyBrokerAsync(cancelled);

        var again = await channel.QueueDeclareAsync(Queues.CropFaces, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancelled);
        Assert.Equal(0u, again.MessageCount);
        await channel.QueueDeleteAsync(Queues.CropFaces, ifUnused: false, ifEmpty: false, cancellationToken: cancelled);
    }

    [Fact]
    public async Task RabbitMqServer_KilledAndStartedAgain_KeepsWhatWasConfirmed()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var server = RabbitMqFixture.PrivateBroker();
        await server.StartAgainAsync(cancelled);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await using (var connection = await new ConnectionFactory { Uri = server.Address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancelled))
        {
            var confirms = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            await using var channel = await connection.CreateChannelAsync(confirms, cancelled);
            await channel.QueueDeclareAsync("kept", durable: true, exclusive: false, autoDelete: false, quorum, cancellationToken: cancelled);
            // RabbitMQ saves its register of quorum queues every half second: one killed younger than that is lost with its name.
            await Task.Delay(TimeSpan.FromSeconds(2), cancelled);
            await channel.BasicPublishAsync("", "kept", new byte[] { 1 }, cancelled);
        }

        await server.KillAsync();
        await server.StartAgainAsync(cancelled);

        await using var second = await new ConnectionFactory { Uri = server.Address }.CreateConnectionAsync(cancelled);
        await using var reader = await second.CreateChannelAsync(cancellationToken: cancelled);
        Assert.NotNull(await reader.BasicGetAsync("kept", autoAck: true, cancelled));
    }

    [Fact]
    public async Task TestServers_KilledHalfWay_ItsServersDieToo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The death signal is Linux's.");
        TestRun.Require(PostgresServer.IsInstalled, "PostgreSQL is not installed (apt-get install postgresql).");
        using var folder = new OwnFolder("guard");
        var note = folder.File("address");
        var settings = new Dictionary<string, string> { ["FACECLOUD_TEST_POSTGRES"] = "", ["FACECLOUD_TEST_RABBITMQ"] = "amqp://not.needed" };
        await using var run = ChildProcess.Start(
            "test run", "dotnet", [typeof(PostgresServer).Assembly.Location, "sh", "-c", $"echo $FACECLOUD_TEST_POSTGRES > {note}.part; mv {note}.part {note}; exec sleep 30"], settings);
        await Patience.UntilAsync(_ => Task.FromResult(File.Exists(note)), () => run.Tail, TestContext.Current.CancellationToken);
        var server = (await File.ReadAllTextAsync(note, TestContext.Current.CancellationToken)).Trim();
        Assert.True(await AnswersAsync(server, TestContext.Current.CancellationToken));

        await run.KillAsync();

        await Patience.UntilAsync(async cancelled => !await AnswersAsync(server, cancelled), () => $"{server} still answers.", TestContext.Current.CancellationToken);
    }

    private static async Task<bool> AnswersAsync(string server, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
