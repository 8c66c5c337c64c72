using System.Net;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Grpc.Core;

namespace FaceCloud.IntegrationTests.Failures;

/// <summary>Nobody has to start the parts in an order.</summary>
public sealed class StartOrderTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ServicesBeforeTheBroker_WaitAndSayIt()
    {
        await using var broker = RabbitMqFixture.PrivateBroker();
        await using var system = new SeparateDeployment(rabbit, postgres) { Broker = broker.Address };
        await system.MakeAsync(Cancelled);
        foreach (var process in system.Processes)
        {
            process.Start();
        }

        await Patience.UntilAsync(
            async cancelled => (await AskAsync(system.IngestionProcess, "/alive", cancelled)).Status == HttpStatusCode.OK,
            () => system.Tails,
            Cancelled);
        var waiting = await AskAsync(system.IngestionProcess, "/health", Cancelled);
        await broker.StartAgainAsync(Cancelled);
        foreach (var process in system.Processes)
        {
            await process.WaitUntilHealthyAsync(Cancelled);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.Status);
        Assert.Contains("masstransit-bus", waiting.Body, StringComparison.Ordinal);
        await AssertWorksAsync(system);
    }

    [Fact]
    public async Task Upload_BeforeAnyOtherServiceEverRan_NothingIsLost()
    {
        await using var system = new SeparateDeployment(rabbit, postgres);
        await system.MakeAsync(Cancelled);

        await system.IngestionProcess.StartAsync(Cancelled);
        var gallery = $"g-{Guid.NewGuid():N}";
        var job = await system.UploadAsync(gallery, [("ada", TestPhotos.Person(1)), ("bob", TestPhotos.Person(2))], Cancelled);

        // The crops wait for an encoder that has never been there. It comes after the gallery, which must know its id by then.
        system.GalleryProcess.Start();
        await Patience.UntilAsync(cancelled => TryCreateGalleryAsync(system, gallery, cancelled), () => system.Tails, Cancelled);
        await system.EncoderProcess.StartAsync(Cancelled);

        var completed = await system.UntilCompletedAsync(job, Cancelled);
        Assert.Equal(2, completed.Counts.Enrolled);
        await system.UntilNoStoredPhotosAsync(Cancelled);
    }

    [Fact]
    public async Task Start_GalleryBeforeTheEncoder_HealsWithoutARestart()
    {
        await using var system = new SeparateDeployment(rabbit, postgres);
        await system.MakeAsync(Cancelled);

        system.GalleryProcess.Start();
        await Patience.UntilAsync(
            async cancelled => (await AskAsync(system.GalleryProcess, "/alive", cancelled)).Status == HttpStatusCode.OK,
            () => system.Tails,
            Cancelled);
        await system.IngestionProcess.StartAsync(Cancelled);
        await system.EncoderProcess.StartAsync(Cancelled);
        await system.GalleryProcess.WaitUntilHealthyAsync(Cancelled);

        await AssertWorksAsync(system);
    }

    private static async Task<bool> TryCreateGalleryAsync(SeparateDeployment system, string gallery, CancellationToken cancellationToken)
    {
        try
        {
            await system.Gallery.CreateGalleryAsync(new() { GalleryId = gallery }, cancellationToken: cancellationToken);
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    private static async Task AssertWorksAsync(SeparateDeployment system)
    {
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var job = await system.UntilCompletedAsync(await system.UploadAsync(gallery, [("ada", TestPhotos.Person(1))], Cancelled), Cancelled);
        Assert.Equal((JobState.Completed, 1), (job.State, job.Counts.Enrolled));
        Assert.True((await system.VerifyAsync(gallery, "ada", TestPhotos.Person(1, variation: 1), Cancelled)).Matched);
    }

    private static async Task<(HttpStatusCode? Status, string Body)> AskAsync(ServiceProcess process, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await process.HttpClient.GetAsync(path, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.Message);
        }
    }
}
