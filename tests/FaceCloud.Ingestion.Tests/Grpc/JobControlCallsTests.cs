using System.Text;
using System.Text.Json;
using FaceCloud.Contracts.Commands;
using FaceCloud.Ingestion.Tests.Consumers;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.ServiceDefaults.Messaging;
using FaceCloud.Testing;
using Grpc.Core;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using GalleryV1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Ingestion.Tests.Grpc;

/// <summary>Control, options and reports as clients see them.</summary>
public sealed class JobControlCallsTests
{
    [Fact]
    public async Task PauseJob_PhotosComeThenResume_AreHeldThenEnrolled()
    {
        await using var host = await StartAsync();
        await host.StartJobAsync();

        var paused = await host.Client.PauseJobAsync(new PauseJobRequest { JobId = "load" });
        await host.UploadAsync(Enumerable.Range(0, 5).Select(seed => IngestionHost.Photo(TestPhotos.Person(seed))));
        var held = await host.Client.ListItemsAsync(new ListItemsRequest { JobId = "load", State = ItemState.Accepted });
        var sentOn = await host.Harness.Published.SelectAsync<CropFaces>().CountAsync();
        var resumed = await host.Client.ResumeJobAsync(new ResumeJobRequest { JobId = "load" });
        var done = await host.CompleteAsync();

        Assert.Equal((JobState.Open, true, false), (paused.State, paused.Paused, resumed.Paused));
        Assert.All(held.Items, item => Assert.True(item.Held));
        Assert.Equal((5, 0), (held.Items.Count, sentOn));
        Assert.Equal((JobState.Completed, 5, 0), (done.State, done.Counts.Enrolled, done.Counts.Pending));
        Assert.Empty(host.StoredPhotos());
    }

    [Fact]
    public async Task PausedJob_ServiceRestarts_StaysPausedUntilResumedAndLosesNothing()
    {
        await using var before = await StartAsync();
        await before.StartJobAsync();
        await before.Client.PauseJobAsync(new PauseJobRequest { JobId = "load" });
        await before.UploadAsync(Enumerable.Range(0, 3).Select(seed => IngestionHost.Photo(TestPhotos.Person(seed))));

        await using var after = await StartAsync(
            new() { ["Storage:Directory"] = before.Folder },
            services => services.Configure<MessagingOptions>(options => options.Transport = MessagingTransport.InMemory));
        await after.Overdue.ResumeAsync(CancellationToken.None);
        var paused = await after.Client.GetJobAsync(new GetJobRequest { JobId = "load" });
        await after.Client.ResumeJobAsync(new ResumeJobRequest { JobId = "load" });

        Assert.Equal((true, 3), (paused.Paused, paused.Counts.Pending));
        Assert.Equal(3, (await after.CompleteAsync()).Counts.Enrolled);
    }

    [Fact]
    public async Task CancelJob_PhotosOnTheWay_CancelledWithReportAndWatchEnds()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        await host.StartJobAsync();
        await host.UploadAsync(IngestionHost.Photo([1], source: "=1+1"), IngestionHost.Photo([2], source: "b,\"b\".jpg"));
        using var watch = host.Client.WatchJob(new WatchJobRequest { JobId = "load" });

        var cancelled = await host.Client.CancelJobAsync(new CancelJobRequest { JobId = "load" });
        Job? last = null;
        while (await watch.ResponseStream.MoveNext(CancellationToken.None))
        {
            last = watch.ResponseStream.Current;
        }

        var items = await host.Client.ListItemsAsync(new ListItemsRequest { JobId = "load", Outcome = GalleryV1.EnrolOutcome.Cancelled });
        var csv = Encoding.UTF8.GetString(await ReportAsync(host, ReportFormat.Unspecified)).Split("\r\n");

        Assert.Equal((JobState.Cancelled, 2, 0), (cancelled.State, cancelled.Counts.Cancelled, cancelled.Counts.Pending));
        Assert.Equal(cancelled.Counts, last!.Counts);
        Assert.Equal(2, items.Items.Count);
        Assert.Equal("item_id,person_id,source,state,outcome,reasons,message,face_id,attempt,created_at,finished_at", csv[0]);
        Assert.Contains(csv, line => line.Contains(",ada,'=1+1,FINISHED,CANCELLED,,,,0,", StringComparison.Ordinal));
        Assert.Contains(csv, line => line.Contains(",ada,\"b,\"\"b\"\".jpg\",FINISHED,CANCELLED,", StringComparison.Ordinal));
        Assert.Equal((4, ""), (csv.Length, csv[^1]));
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "JOB_CLOSED", async () => await host.Client.UploadPhotoAsync(IngestionHost.Photo([3])));
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "JOB_ENDED", async () => await host.Client.RetryItemsAsync(new RetryItemsRequest { JobId = "load" }));
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "JOB_ENDED", async () => await host.Client.PauseJobAsync(new PauseJobRequest { JobId = "load" }));
    }

    [Fact]
    public async Task RetryItems_WhatFailedIsInOrderAgain_Enrolled()
    {
        var encoder = new Switch { IsBroken = true };
        await using var host = await StartAsync(services: services => services.AddSingleton(encoder), bus: bus => bus.AddConsumer<BreakableEncoder>());
        await host.StartJobAsync();
        await host.UploadAsync(IngestionHost.Photo(TestPhotos.Person(1), source: "1.jpg"), IngestionHost.Photo([9, 9, 9], source: "bad.jpg"));
        var first = await host.CompleteAsync();
        encoder.IsBroken = false;

        var retried = await host.Client.RetryItemsAsync(new RetryItemsRequest { JobId = "load" });
        var last = await host.CompleteAsync();
        var items = (await host.ItemsAsync()).ToDictionary(item => item.Source);

        Assert.Equal((JobState.Completed, 2, 1), (first.State, first.Counts.Failed, first.Counts.Reasons["INTERNAL"]));
        Assert.Equal((1, JobState.Closed, 1), (retried.Retried, retried.Job.State, retried.Job.Counts.Pending));
        Assert.Equal((1, 1), (last.Counts.Enrolled, last.Counts.Failed));
        Assert.False(last.Counts.Reasons.ContainsKey("INTERNAL"));
        Assert.Equal((1, 0), (items["1.jpg"].Attempt, items["bad.jpg"].Attempt));
        Assert.Empty(host.StoredPhotos());
    }

    [Fact]
    public async Task RetryItems_BadIds_InvalidAndNothingChanges()
    {
        await using var host = await StartAsync();
        await host.StartJobAsync();

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ID", async () =>
            await host.Client.RetryItemsAsync(new RetryItemsRequest { JobId = "load", ItemIds = { "1" } }));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", async () =>
            await host.Client.RetryItemsAsync(new RetryItemsRequest { JobId = "load", ItemIds = { Enumerable.Range(0, 1001).Select(_ => Guid.NewGuid().ToString()) } }));
    }

    [Fact]
    public async Task EveryControl_UnknownJob_JobNotFound()
    {
        await using var host = await StartAsync();
        var client = host.Client;

        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await client.PauseJobAsync(new PauseJobRequest { JobId = "none" }));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await client.ResumeJobAsync(new ResumeJobRequest { JobId = "none" }));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await client.CancelJobAsync(new CancelJobRequest { JobId = "none" }));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await client.RetryItemsAsync(new RetryItemsRequest { JobId = "none" }));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () =>
        {
            using var call = client.DownloadReport(new DownloadReportRequest { JobId = "none" });
            await call.ResponseStream.MoveNext(CancellationToken.None);
        });
    }

    [Fact]
    public async Task StartJob_Options_StandInTheJobAndTravelWithEveryPhoto()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        var request = new StartJobRequest
        {
            JobId = "load",
            GalleryId = "staff",
            OnDuplicate = OnDuplicate.Replace,
            Priority = JobPriority.High,
            MinQuality = 0.25f,
            MaxFaces = 3,
        };

        var job = await host.Client.StartJobAsync(request);
        var plain = await host.Client.StartJobAsync(new StartJobRequest { JobId = "plain", GalleryId = "staff" });
        await host.UploadAsync(IngestionHost.Photo([1]));
        var command = (await host.Harness.Published.SelectAsync<CropFaces>().ToListAsync()).Single().Context.Message;

        Assert.Equal((OnDuplicate.Replace, JobPriority.High, 0.25f, 3), (job.OnDuplicate, job.Priority, job.MinQuality, job.MaxFaces));
        Assert.Equal((OnDuplicate.Enrol, JobPriority.Normal, false, 1), (plain.OnDuplicate, plain.Priority, plain.HasMinQuality, plain.MaxFaces));
        Assert.Equal(Contracts.OnDuplicate.Replace, command.Target.OnDuplicate);
        var again = await host.Client.StartJobAsync(request);
        Assert.Equal((job.CreatedAt, OnDuplicate.Replace, JobPriority.High, 1), (again.CreatedAt, again.OnDuplicate, again.Priority, (int)again.Counts.Accepted));
        await Failures.AssertFailsAsync(StatusCode.AlreadyExists, "JOB_EXISTS", async () =>
            await host.Client.StartJobAsync(new StartJobRequest(request) { OnDuplicate = OnDuplicate.Skip }));
        await Failures.AssertFailsAsync(StatusCode.AlreadyExists, "JOB_EXISTS", async () =>
            await host.Client.StartJobAsync(new StartJobRequest(request) { Priority = JobPriority.Low }));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", async () =>
            await host.Client.StartJobAsync(new StartJobRequest { JobId = "x", GalleryId = "staff", OnDuplicate = (OnDuplicate)99 }));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", async () =>
            await host.Client.StartJobAsync(new StartJobRequest { JobId = "x", GalleryId = "staff", Priority = (JobPriority)(-1) }));
    }

    [Fact]
    public async Task DownloadReport_MoreThanOnePage_EveryItemOnceInBothFormats()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        await host.StartJobAsync();
        await host.UploadAsync(Enumerable.Range(0, 1001).Select(photo => IngestionHost.Photo(BitConverter.GetBytes(photo), $"person-{photo}")));

        var json = JsonDocument.Parse(await ReportAsync(host, ReportFormat.Json)).RootElement;
        var csv = Encoding.UTF8.GetString(await ReportAsync(host, ReportFormat.Csv)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("load", json.GetProperty("job").GetProperty("jobId").GetString());
        Assert.Equal(1001, json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("personId").GetString()).Distinct().Count());
        Assert.Equal(1001, csv.Skip(1).Select(line => line.Split(',')[1]).Distinct().Count());
    }

    [Fact]
    public async Task Controls_OverHttp_SameAsByGrpc()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        await host.StartJobAsync();
        await host.UploadAsync(IngestionHost.Photo([1]), IngestionHost.Photo([2]));

        var paused = await PostAsync(host, "pause");
        var resumed = await PostAsync(host, "resume");
        var retried = await PostAsync(host, "retry");
        var cancelled = await PostAsync(host, "cancel");
        using var csv = await host.Http.GetAsync("/v1/jobs/load:report");
        using var json = await host.Http.GetAsync("/v1/jobs/load:report?format=REPORT_FORMAT_JSON");
        using var unknown = await host.Http.GetAsync("/v1/jobs/none:report");

        Assert.True(paused.GetProperty("paused").GetBoolean());
        Assert.False(resumed.GetProperty("paused").GetBoolean());
        Assert.Equal("0", retried.GetProperty("retried").GetString());
        Assert.Equal("JOB_STATE_CANCELLED", cancelled.GetProperty("state").GetString());
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.Equal(3, (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("application/json", json.Content.Headers.ContentType?.MediaType);
        Assert.Equal(2, JsonDocument.Parse(await json.Content.ReadAsStringAsync()).RootElement.GetProperty("items").GetArrayLength());
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static Task<IngestionHost> StartAsync(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, Action<IBusRegistrationConfigurator>? bus = null)
    {
        var all = new Dictionary<string, string?>(settings ?? []) { ["Ingestion:HeldInterval"] = "00:00:00.020" };
        return IngestionHost.StartAsync(bus ?? (configurator => configurator.AddConsumer<PlayedEncoder>()), services, all);
    }

    private static async Task<byte[]> ReportAsync(IngestionHost host, ReportFormat format)
    {
        using var call = host.Client.DownloadReport(new DownloadReportRequest { JobId = "load", Format = format });
        using var file = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync())
        {
            piece.Data.WriteTo(file);
        }

        return file.ToArray();
    }

    private static async Task<JsonElement> PostAsync(IngestionHost host, string verb)
    {
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await host.Http.PostAsync($"/v1/jobs/load:{verb}", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    internal sealed class Switch
    {
        public bool IsBroken { get; set; }
    }

    internal sealed class BreakableEncoder(Switch encoder) : IConsumer<EncodeFace>
    {
        public Task Consume(ConsumeContext<EncodeFace> context) =>
            encoder.IsBroken ? throw new InvalidOperationException("Broken.") : new PlayedEncoder().Consume(context);
    }
}
