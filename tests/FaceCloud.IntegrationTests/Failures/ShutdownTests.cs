using System.Net;
using FaceCloud.IntegrationTests.Observability;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Grpc.Health.V1;

namespace FaceCloud.IntegrationTests.Failures;

/// <summary>A service that is told to stop (SIGTERM) says so, finishes what it has in hand, and leaves nothing undone or done twice.</summary>
public sealed class ShutdownTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private const int Photos = 40;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Encoder", "inference")]
    [InlineData("Gallery", "upsert")]
    [InlineData("Ingestion", "decode")]
    public async Task Stop_InTheMiddleOfAJob_EveryStepIsDoneOnce(string service, string step)
    {
        await using var observed = new ObservedDeployment(rabbit, postgres);
        var system = observed.System;

        // One at a time, so that the job lasts longer than a service needs to stop and start.
        system.Settings["Ingestion:CropConcurrency"] = "1";
        system.Settings["Vision:Concurrency"] = "1";
        system.Settings["Encoder:MessageBatch"] = "4";
        system.Settings["Gallery:StoreBatch"] = "4";
        await observed.InitializeAsync();
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var victim = system.Processes.Single(process => process.Name == service);
        var job = await system.UploadAsync(gallery, Enumerable.Range(0, Photos).Select(seed => ($"person-{seed}", TestPhotos.Person(3000 + seed))), Cancelled);

        // Once some are through and most are not.
        await system.UntilAsync(job, state => state.Counts.Enrolled > 0, Cancelled);
        var exit = await victim.StopAsync();
        var left = service == "Ingestion" ? 1 : (await system.JobAsync(job, Cancelled)).Counts.Pending;
        victim.Start();
        var completed = await system.UntilCompletedAsync(job, Cancelled);

        Assert.Equal(0, exit);
        Assert.True(left > 0, "The job was over before the service stopped.");
        Assert.Equal((Photos, 0L, 0L), (completed.Counts.Enrolled, completed.Counts.Duplicate, completed.Counts.Failed));
        await Patience.UntilAsync(
            _ => Task.FromResult(observed.Collector.Spans.Count(span => span.Name == step) >= Photos),
            () => $"{observed.Collector.Spans.Count(span => span.Name == step)} of {Photos} '{step}' were exported.",
            Cancelled);
        Assert.Equal(Photos, observed.Collector.Spans.Where(span => span.Name == step).Select(span => span.TraceId).Count());
    }

    [Fact]
    public async Task Stop_WithADelay_NotReadyWhileCallsAreStillAnswered()
    {
        await using var observed = new ObservedDeployment(rabbit, postgres);
        observed.System.Settings["Shutdown:Delay"] = "00:00:20";
        await observed.InitializeAsync();
        var process = observed.System.IngestionProcess;
        var health = new Health.HealthClient(process.Channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancelled)).Status);

        var stop = process.StopAsync();
        await Patience.UntilAsync(
            async cancelled => (await process.HttpClient.GetAsync("/health/ready", cancelled)).StatusCode == HttpStatusCode.ServiceUnavailable,
            () => process.Tail,
            Cancelled);
        var live = await process.HttpClient.GetAsync("/health/live", Cancelled);
        var overGrpc = await health.CheckAsync(new HealthCheckRequest { Service = "ready" }, cancellationToken: Cancelled);
        var jobs = await observed.System.Ingestion.ListJobsAsync(new ListJobsRequest(), cancellationToken: Cancelled);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, overGrpc.Status);
        Assert.Empty(jobs.Jobs);
        Assert.Equal(0, await stop);
        Assert.Contains("Stopped: nothing is left in work", process.Tail, StringComparison.Ordinal);
    }
}
