using FaceCloud.Client.Tests.Testing;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Grpc.Core;

namespace FaceCloud.Client.Tests;

public sealed class JobCallsTests : IAsyncLifetime
{
    private FakeServer _server = null!;
    private FaceCloudClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task StartJobAsync_WithOptions_SendsThem()
    {
        var job = await _client.StartJobAsync("staff", new JobOptions { JobId = "night-1", MaxFaces = 3, MinQuality = 0.4f });

        Assert.Equal("night-1", job.JobId);
        Assert.Equal(3, _server.Ingestion.LastStart!.MaxFaces);
        Assert.Equal(0.4f, _server.Ingestion.LastStart.MinQuality);
    }

    [Fact]
    public async Task UploadAsync_ManyPhotos_ArriveOnceAndInOrderAndAreReported()
    {
        var job = await _client.StartJobAsync("staff");
        var progress = new Reports();

        var summary = await _client.UploadAsync(job.JobId, Photos(150), progress);

        Assert.Equal(150, summary.Accepted);
        Assert.Equal(0, summary.RefusedCount);
        Assert.Equal(Enumerable.Range(0, 150).Select(Source), _server.Ingestion.Received);
        Assert.Equal([64, 64, 22], _server.Ingestion.Streams);
        Assert.Equal([64, 128, 150], progress.Select(report => report.Accepted));
    }

    [Fact]
    public async Task UploadAsync_ServerGoneBeforeAnswering_RepeatsTheBatchAndEveryPhotoIsOneItem()
    {
        var job = await _client.StartJobAsync("staff");
        _server.Ingestion.BreakUploads(2);

        var summary = await _client.UploadAsync(job.JobId, Photos(70));

        Assert.Equal(70, summary.Accepted);
        Assert.Equal([64, 64, 64, 6], _server.Ingestion.Streams);
        Assert.Equal(70, await _client.ListItemsAsync(job.JobId, pageSize: 30).CountAsync());
    }

    [Fact]
    public async Task UploadAsync_ServerStaysAway_ThrowsAfterTheAttempts()
    {
        var job = await _client.StartJobAsync("staff");
        _server.Traffic.Fail("Upload", times: 100);

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.UploadAsync(job.JobId, Photos(3)));

        Assert.Equal(FailureReasons.Unreachable, failure.Reason);
        Assert.Equal(4, _server.Traffic.Calls("Upload"));
    }

    [Fact]
    public async Task UploadAsync_RefusedPhotos_AreNamedByTheirPositionInTheWholeUpload()
    {
        using var client = _server.Connect(options => options with { MaxMessageBytes = 1024 * 1024 });
        var job = await client.StartJobAsync("staff");

        var summary = await client.UploadAsync(job.JobId, Photos(100, index => index switch
        {
            10 => new PhotoUpload("ada", new byte[2 * 1024 * 1024]) { Source = Source(index) },
            80 => new PhotoUpload("", FakePhoto.Of("ada")) { Source = Source(index) },
            _ => Photo(index),
        }));

        Assert.Equal(98, summary.Accepted);
        Assert.Equal(2, summary.RefusedCount);
        Assert.Equal([(10, "PHOTO_TOO_LARGE"), (80, "INVALID_ID")], summary.Refused.Select(photo => (photo.Position, photo.Reason)));
    }

    [Fact]
    public async Task UploadAsync_ClosedJob_ThrowsJobClosed()
    {
        var job = await _client.StartJobAsync("staff");
        await _client.CloseJobAsync(job.JobId);

        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.UploadAsync(job.JobId, Photos(500)));

        Assert.Equal("JOB_CLOSED", failure.Reason);
        Assert.Equal(1, _server.Traffic.Calls("Upload"));
    }

    [Fact]
    public async Task UploadAsync_SourceFails_ThrowsItsException()
    {
        var job = await _client.StartJobAsync("staff");

        var upload = () => _client.UploadAsync(job.JobId, Photos(100, index => index == 90 ? throw new IOException("The disk is gone.") : Photo(index)));

        await Assert.ThrowsAsync<IOException>(upload);
    }

    [Fact]
    public async Task UploadAsync_NoPhotos_SendsNothing()
    {
        var job = await _client.StartJobAsync("staff");

        var summary = await _client.UploadAsync(job.JobId, Photos(0));

        Assert.Equal(0, summary.Accepted);
        Assert.Equal(0, _server.Traffic.Calls("Upload"));
    }

    [Fact]
    public async Task UploadAsync_Cancelled_ThrowsCancellation()
    {
        var job = await _client.StartJobAsync("staff");
        _server.Traffic.Hang("Upload");
        using var stop = new CancellationTokenSource();

        var upload = _client.UploadAsync(job.JobId, Photos(10), cancellationToken: stop.Token);
        await _server.Traffic.Reached;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        await _server.Traffic.Abandoned;
    }

    [Fact]
    public async Task WatchJobAsync_UntilCompleted_EndsWithTheLastState()
    {
        var job = await _client.StartJobAsync("staff");
        await _client.UploadAsync(job.JobId, Photos(5));
        await _client.CloseJobAsync(job.JobId);

        var last = await _client.WatchJobAsync(job.JobId).LastAsync();

        Assert.Equal(JobState.Completed, last.State);
        Assert.Equal(5, last.Counts.Enrolled);
    }

    [Fact]
    public async Task WatchJobAsync_ConnectionBreaks_GoesOn()
    {
        var job = await _client.StartJobAsync("staff");
        await _client.CloseJobAsync(job.JobId);
        _server.Ingestion.BreakWatches(2);

        var last = await _client.WatchJobAsync(job.JobId).LastAsync();

        Assert.Equal(JobState.Completed, last.State);
        Assert.Equal(3, _server.Traffic.Calls("WatchJob"));
    }

    [Fact]
    public async Task WatchJobAsync_UnknownJob_Throws()
    {
        var failure = await Assert.ThrowsAsync<FaceCloudException>(async () => await _client.WatchJobAsync("none").LastAsync());

        Assert.Equal("JOB_NOT_FOUND", failure.Reason);
        Assert.Equal(StatusCode.NotFound, failure.Status);
    }

    [Fact]
    public async Task ListItemsAsync_OfOneOutcome_ListsOnlyThem()
    {
        var job = await _client.StartJobAsync("staff");
        await _client.UploadAsync(job.JobId, Photos(4, index => index == 2 ? new PhotoUpload("ada", FakePhoto.Of(FakePhoto.Blurry)) { Source = "b.jpg" } : Photo(index)));

        var rejected = await _client.ListItemsAsync(job.JobId, EnrolOutcome.RejectedQuality).ToListAsync();

        Assert.Equal("b.jpg", Assert.Single(rejected).Source);
    }

    [Fact]
    public async Task ListJobsAsync_SmallPages_ListsAll()
    {
        await _client.StartJobAsync("staff");
        await _client.StartJobAsync("staff");
        await _client.StartJobAsync("staff");

        var jobs = await _client.ListJobsAsync(pageSize: 2).Select(job => job.JobId).ToListAsync();

        Assert.Equal(["job-3", "job-2", "job-1"], jobs);
    }

    private static string Source(int index) => $"{index:000}.jpg";

    private static PhotoUpload Photo(int index) => new("ada", FakePhoto.Of("ada")) { Source = Source(index) };

    private static IAsyncEnumerable<PhotoUpload> Photos(int count, Func<int, PhotoUpload>? photo = null) =>
        Enumerable.Range(0, count).Select(photo ?? Photo).ToAsyncEnumerable();

    private sealed class Reports : List<UploadProgress>, IProgress<UploadProgress>
    {
        public void Report(UploadProgress value) => Add(value);
    }
}
