using System.Net;
using System.Text.RegularExpressions;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers;
using FaceCloud.TestServers.Processes;
using Grpc.Core;

namespace FaceCloud.IntegrationTests.Failures;

/// <summary>Broker and database may come later than the services, and go away: these say so once, and go on by themselves.</summary>
public sealed class LateServersTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    // Unhealthy at a start without it; Degraded when a connection that was there is lost.
    private const string BrokerAway = "Health: masstransit-bus is (Unhealthy|Degraded), waiting for it";
    private const string BrokerBack = "Health: masstransit-bus is Healthy again";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_BeforeTheDatabase_ListensSaysItOnceAndHeals()
    {
        TestRun.Require(PostgresServer.IsInstalled, "PostgreSQL is not installed (apt-get install postgresql).");
        var port = FreePort.Take(1)[0];
        await using var system = new SeparateDeployment(rabbit, postgres) { DatabaseOptions = $";Host=127.0.0.1;Port={port};Database=postgres;Username=facecloud" };
        await system.MakeAsync(Cancelled);
        foreach (var process in system.Processes)
        {
            process.Start();
        }

        // It listens: alive, not started, not ready, and calls hear why.
        await UntilAsync(system.IngestionProcess, "/health/live", HttpStatusCode.OK);
        await UntilAsync(system.GalleryProcess, "/health/live", HttpStatusCode.OK);
        var startup = await AskAsync(system.IngestionProcess, "/health/startup");
        var ready = await AskAsync(system.GalleryProcess, "/health/ready");
        var refused = await SystemCalls.FailureAsync(async () => await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = "any" }, cancellationToken: Cancelled));
        await Patience.UntilAsync(
            _ => Task.FromResult(system.Processes.Skip(1).All(process => process.Tail.Contains("is Unhealthy", StringComparison.Ordinal))), () => system.Tails, Cancelled);

        await using var late = await PostgresServer.StartAsync(port, Cancelled);
        foreach (var process in system.Processes)
        {
            await process.WaitUntilHealthyAsync(Cancelled);
        }

        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (startup.Status, startup.Body.Contains("Waits for store ingestion", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (refused.Status, refused.Reason));
        Assert.Contains("store ingestion", refused.Message, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(system.IngestionProcess.Tail, "Waiting for store ingestion"));
        Assert.Contains("Store ingestion is ready (PostgreSQL)", system.IngestionProcess.Tail, StringComparison.Ordinal);
        await AssertWorksAsync(system);
    }

    [Fact]
    public async Task Broker_LaterThanTheServicesAndGoneOnce_OneLineAChange()
    {
        await using var broker = RabbitMqFixture.PrivateBroker();
        await using var system = new SeparateDeployment(rabbit, postgres) { Broker = broker.Address };
        await system.MakeAsync(Cancelled);
        foreach (var process in system.Processes)
        {
            process.Start();
        }

        await UntilSaidAsync(system, BrokerAway, times: 1);
        await broker.StartAgainAsync(Cancelled);
        await UntilSaidAsync(system, BrokerBack, times: 1);
        await AssertWorksAsync(system);
        await broker.KillAsync();
        await UntilSaidAsync(system, BrokerAway, times: 2);
        await broker.StartAgainAsync(Cancelled);
        await UntilSaidAsync(system, BrokerBack, times: 2);

        await AssertWorksAsync(system);
        Assert.All(system.Processes, process => Assert.DoesNotContain("BrokerUnreachableException", process.Tail, StringComparison.Ordinal));
    }

    private static Task UntilSaidAsync(SeparateDeployment system, string line, int times) => Patience.UntilAsync(
        _ => Task.FromResult(system.Processes.All(process => Regex.Count(process.Tail, line) == times)),
        () => $"Not said {times} times: {line}{Environment.NewLine}{system.Tails}",
        Cancelled);

    private static Task UntilAsync(ServiceProcess process, string path, HttpStatusCode status) =>
        Patience.UntilAsync(async _ => (await AskAsync(process, path)).Status == status, () => process.Tail, Cancelled);

    private static async Task AssertWorksAsync(SeparateDeployment system)
    {
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = await system.UntilCompletedAsync(await system.UploadAsync(gallery, [("ada", TestPhotos.Person(1))], Cancelled), Cancelled);
        Assert.Equal(1, job.Counts.Enrolled);
    }

    private static async Task<(HttpStatusCode? Status, string Body)> AskAsync(ServiceProcess process, string path)
    {
        try
        {
            using var response = await process.HttpClient.GetAsync(path, Cancelled);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.Message);
        }
    }
}
