using System.Net;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Observability;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Grpc.Core;
using Grpc.Health.V1;

namespace FaceCloud.IntegrationTests.Failures;

/// <summary>A service that is told to stop (SIGTERM) says so, finishes what it has in hand, and leaves nothing undone or done twice.</summary>
public sealed class ShutdownTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private const int Through = 8;
    private const int HeldUp = 40;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>
    /// The service stands still while the step before it fills its queue, and is told to stop before it may go on: however fast the machine,
    /// it has work in hand then, and more in the queue.
    /// </summary>
    /// <param name="service">Told to stop.</param>
    /// <param name="before">Span that is exported when a photo has gone through the step before it.</param>
    /// <param name="step">Span of its own step.</param>
    [Theory]
    [InlineData("Encoder", "quality", "inference")]
    [InlineData("Gallery", "inference", "upsert")]
    public async Task Stop_InTheMiddleOfAJob_EveryStepIsDoneOnce(string service, string before, string step)
    {
        await using var observed = new ObservedDeployment(rabbit, postgres);
        var system = observed.System;
        system.Settings["Encoder:MessageBatch"] = "4";
        system.Settings["Gallery:StoreBatch"] = "4";
        await observed.InitializeAsync();
        var victim = system.Processes.Single(process => process.Name == service);
        var job = await OpenJobAsync(system);
        await system.UploadIntoAsync(job, Photos(0, Through), Cancelled);
        await system.UntilAsync(job, state => state.Counts.Enrolled == Through, Cancelled);

        victim.Freeze();
        await system.UploadIntoAsync(job, Photos(Through, HeldUp), Cancelled);
        await ExportedAsync(observed, before, Through + HeldUp);
        var held = (await system.JobAsync(job, Cancelled)).Counts.Pending;
        var stop = victim.StopAsync();
        victim.Thaw();
        var exit = await stop;
        var lastWords = victim.Tail;

        // While it is away the job goes on: what comes now cannot have its outcome before the service is back.
        await system.UploadIntoAsync(job, Photos(Through + HeldUp, 1), Cancelled);
        var left = (await system.JobAsync(job, Cancelled)).Counts.Pending;
        victim.Start();
        var completed = await CloseAsync(system, job);

        Assert.Equal(0, exit);
        Assert.Contains("Stopped: nothing is left in work", lastWords, StringComparison.Ordinal);
        Assert.Equal(HeldUp, held);
        Assert.InRange(left, 1, HeldUp + 1);
        await AssertEveryStepOnceAsync(observed, completed, Through + HeldUp + 1, step);
    }

    /// <summary>Ingestion takes the photos too, so it is told to stop while they still come; those it has taken are held up at the encoder meanwhile.</summary>
    [Fact]
    public async Task Stop_IngestionWhilePhotosCome_EveryAcknowledgedPhotoIsDoneOnce()
    {
        await using var observed = new ObservedDeployment(rabbit, postgres);
        var system = observed.System;

        // One at a time: photos come faster than they are cropped.
        system.Settings["Ingestion:CropConcurrency"] = "1";
        system.Settings["Vision:Concurrency"] = "1";
        await observed.InitializeAsync();
        var job = await OpenJobAsync(system);
        await system.UploadIntoAsync(job, Photos(0, Through), Cancelled);
        await system.UntilAsync(job, state => state.Counts.Enrolled == Through, Cancelled);

        system.EncoderProcess.Freeze();
        var upload = UploadUntilRefusedAsync(system, job, Through);
        await system.UntilAsync(job, state => state.Counts.Pending >= HeldUp / 4, Cancelled);
        var exit = await system.IngestionProcess.StopAsync();
        var acknowledged = await upload;
        await system.IngestionProcess.StartAsync(Cancelled);
        var back = (await system.JobAsync(job, Cancelled)).Counts;
        system.EncoderProcess.Thaw();
        var completed = await CloseAsync(system, job);

        // The call that was broken off may have brought a photo of which its client never heard; nothing else is more.
        Assert.Equal(0, exit);
        Assert.Equal((long)Through, back.Enrolled);
        Assert.InRange(back.Accepted, acknowledged, acknowledged + 1);
        await AssertEveryStepOnceAsync(observed, completed, back.Accepted, "decode");
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

    private static async Task<string> OpenJobAsync(SeparateDeployment system)
    {
        var gallery = await system.CreateGalleryAsync(Cancelled);
        return (await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: Cancelled)).JobId;
    }

    private static async Task<Job> CloseAsync(SeparateDeployment system, string job)
    {
        await system.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job }, cancellationToken: Cancelled);
        return await system.UntilCompletedAsync(job, Cancelled);
    }

    private static IEnumerable<(string Person, byte[] Photo)> Photos(int from, int count) =>
        Enumerable.Range(from, count).Select(seed => ($"person-{seed}", TestPhotos.Person(3000 + seed)));

    // One photo a call, so that all but the last are acknowledged when the service goes.
    private static async Task<long> UploadUntilRefusedAsync(SeparateDeployment system, string job, int from)
    {
        for (var photo = from; ; photo++)
        {
            try
            {
                await system.UploadIntoAsync(job, Photos(photo, 1), Cancelled);
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled)
            {
                return photo;
            }
        }
    }

    private static Task ExportedAsync(ObservedDeployment observed, string step, long count) => Patience.UntilAsync(
        _ => Task.FromResult(Done(observed, step) >= count),
        () => $"{Done(observed, step)} of {count} '{step}' were exported.{Environment.NewLine}{observed.System.Tails}",
        Cancelled);

    private static async Task AssertEveryStepOnceAsync(ObservedDeployment observed, Job completed, long photos, string step)
    {
        Assert.Equal((photos, 0L, 0L), (completed.Counts.Enrolled, completed.Counts.Duplicate, completed.Counts.Failed));
        await ExportedAsync(observed, step, photos);
        Assert.Equal(photos, Done(observed, step));
    }

    private static int Done(ObservedDeployment observed, string step) => observed.Collector.Spans.Count(span => span.Name == step);
}
