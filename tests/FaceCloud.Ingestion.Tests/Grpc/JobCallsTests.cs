using FaceCloud.Ingestion.Tests.Consumers;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using Grpc.Core;

namespace FaceCloud.Ingestion.Tests.Grpc;

public sealed class JobCallsTests
{
    [Fact]
    public async Task StartJob_WithId_OpensIt()
    {
        await using var host = await IngestionHost.StartAsync();

        var job = await host.StartJobAsync("load-1", maxFaces: 2, minQuality: 0.3f);

        Assert.Equal("load-1", job.JobId);
        Assert.Equal(IngestionHost.Gallery, job.GalleryId);
        Assert.Equal(JobState.Open, job.State);
        Assert.Equal(0, job.Counts.Accepted);
        Assert.NotNull(job.CreatedAt);
    }

    [Fact]
    public async Task StartJob_WithoutId_MakesANewOneEachTime()
    {
        await using var host = await IngestionHost.StartAsync();

        var one = await host.StartJobAsync("");
        var other = await host.StartJobAsync("");

        Assert.True(Guid.TryParse(one.JobId, out _));
        Assert.NotEqual(one.JobId, other.JobId);
    }

    [Fact]
    public async Task StartJob_Repeated_AnswersTheSameJob()
    {
        await using var host = await IngestionHost.StartAsync();

        var jobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.StartJobAsync("load", minQuality: 0.25f)));

        Assert.Single(jobs.Select(job => job.CreatedAt.ToDateTimeOffset().ToUnixTimeMilliseconds()).Distinct());
        Assert.Single((await host.Client.ListJobsAsync(new ListJobsRequest())).Jobs);
    }

    [Fact]
    public async Task StartJob_IdTakenWithOtherOptions_AlreadyExists()
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync("load");

        await Failures.AssertFailsAsync(StatusCode.AlreadyExists, "JOB_EXISTS", () => host.StartJobAsync("load", maxFaces: 2));
        await Failures.AssertFailsAsync(StatusCode.AlreadyExists, "JOB_EXISTS", () => host.StartJobAsync("load", minQuality: 0.5f));
        await Failures.AssertFailsAsync(StatusCode.AlreadyExists, "JOB_EXISTS", async () =>
            await host.Client.StartJobAsync(new StartJobRequest { JobId = "load", GalleryId = "others" }));
    }

    [Theory]
    [InlineData("Load")]
    [InlineData("a b")]
    [InlineData("../etc")]
    [InlineData("a\n")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public async Task StartJob_BadJobId_InvalidId(string jobId)
    {
        await using var host = await IngestionHost.StartAsync();

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ID", () => host.StartJobAsync(jobId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-staff")]
    [InlineData("Staff")]
    [InlineData("st/aff")]
    public async Task StartJob_BadGalleryId_InvalidId(string galleryId)
    {
        await using var host = await IngestionHost.StartAsync();

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ID", async () =>
            await host.Client.StartJobAsync(new StartJobRequest { JobId = "load", GalleryId = galleryId }));
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(-0.1f, 1)]
    [InlineData(1.1f, 1)]
    [InlineData(0.5f, 0)]
    [InlineData(0.5f, -1)]
    public async Task StartJob_OptionOutOfRange_InvalidArgument(float minQuality, int maxFaces)
    {
        await using var host = await IngestionHost.StartAsync();

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", () => host.StartJobAsync("load", maxFaces, minQuality));
    }

    [Fact]
    public async Task EveryCall_UnknownJob_JobNotFound()
    {
        await using var host = await IngestionHost.StartAsync();
        var client = host.Client;

        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await client.GetJobAsync(new GetJobRequest { JobId = "none" }));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await client.CloseJobAsync(new CloseJobRequest { JobId = "none" }));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await client.ListItemsAsync(new ListItemsRequest { JobId = "none" }));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await client.UploadPhotoAsync(IngestionHost.Photo([1], jobId: "none")));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", () => host.UploadAsync(IngestionHost.Photo([1], jobId: "none")));
        await Failures.AssertFailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () =>
        {
            using var call = client.WatchJob(new WatchJobRequest { JobId = "none" });
            await call.ResponseStream.MoveNext(CancellationToken.None);
        });
        Assert.Empty(host.StoredPhotos());
    }

    [Fact]
    public async Task CloseJob_WithoutPhotos_CompletedAtOnce()
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync();

        var closed = await host.Client.CloseJobAsync(new CloseJobRequest { JobId = "load" });
        var again = await host.Client.CloseJobAsync(new CloseJobRequest { JobId = "load" });

        Assert.Equal(JobState.Completed, closed.State);
        Assert.Equal(closed, again);
    }

    [Fact]
    public async Task CloseJob_PhotosOnTheWay_ClosedUntilTheyHaveOutcomes()
    {
        await using var host = await IngestionHost.StartAsync(withConsumers: false);
        await host.StartJobAsync();
        await host.UploadAsync(IngestionHost.Photo([1]));

        var closed = await host.Client.CloseJobAsync(new CloseJobRequest { JobId = "load" });

        Assert.Equal(JobState.Closed, closed.State);
        Assert.Equal(1, closed.Counts.Pending);
    }

    [Fact]
    public async Task ListJobs_PageByPage_NewestFirstEachOnce()
    {
        await using var host = await IngestionHost.StartAsync();
        foreach (var job in Enumerable.Range(0, 7))
        {
            await host.StartJobAsync($"load-{job}");
        }

        var listed = new List<string>();
        var token = "";
        do
        {
            var page = await host.Client.ListJobsAsync(new ListJobsRequest { PageSize = 3, PageToken = token });
            Assert.InRange(page.Jobs.Count, 0, 3);
            listed.AddRange(page.Jobs.Select(job => job.JobId));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(["load-6", "load-5", "load-4", "load-3", "load-2", "load-1", "load-0"], listed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task Lists_PageSizeOutOfRange_InvalidArgument(int size)
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync();

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", async () =>
            await host.Client.ListJobsAsync(new ListJobsRequest { PageSize = size }));
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", async () =>
            await host.Client.ListItemsAsync(new ListItemsRequest { JobId = "load", PageSize = size }));
    }

    [Fact]
    public async Task Lists_TokenOfAnotherListOrMangled_InvalidPageToken()
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync("one");
        await host.StartJobAsync("two");
        var token = (await host.Client.ListJobsAsync(new ListJobsRequest { PageSize = 1 })).NextPageToken;
        var mangled = (token[0] == 'A' ? "B" : "A") + token[1..];

        Assert.NotEmpty(token);
        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN", async () =>
            await host.Client.ListItemsAsync(new ListItemsRequest { JobId = "one", PageToken = token }));
        foreach (var bad in new[] { mangled, "x", "not base64!", token[..4] })
        {
            await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN", async () =>
                await host.Client.ListJobsAsync(new ListJobsRequest { PageToken = bad }));
        }
    }

    [Fact]
    public async Task WatchJob_UntilCompleted_UpdatesThenEnd()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());
        await host.StartJobAsync();
        using var call = host.Client.WatchJob(new WatchJobRequest { JobId = "load" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(JobState.Open, call.ResponseStream.Current.State);

        await host.UploadAsync(IngestionHost.Photo(TestPhotos.Person(1)));
        await host.Client.CloseJobAsync(new CloseJobRequest { JobId = "load" });
        var updates = new List<Job>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            updates.Add(call.ResponseStream.Current);
        }

        Assert.Equal(JobState.Completed, updates[^1].State);
        Assert.Equal(1, updates[^1].Counts.Enrolled);
        Assert.True(updates[^1].ItemsPerSecond > 0);
        Assert.All(updates, job => Assert.Equal(job.Counts.Accepted, job.Counts.Pending + job.Counts.Enrolled));
    }

    [Fact]
    public async Task WatchJob_Cancelled_EndsAndTheServiceGoesOn()
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync();
        using var cancel = new CancellationTokenSource();
        using var call = host.Client.WatchJob(new WatchJobRequest { JobId = "load" }, cancellationToken: cancel.Token);
        await call.ResponseStream.MoveNext(CancellationToken.None);

        await cancel.CancelAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
        Assert.Equal("load", (await host.Client.GetJobAsync(new GetJobRequest { JobId = "load" })).JobId);
    }
}
