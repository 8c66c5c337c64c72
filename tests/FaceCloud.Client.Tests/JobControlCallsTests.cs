using System.Text;
using FaceCloud.Client.Tests.Testing;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Grpc.Core;

namespace FaceCloud.Client.Tests;

public sealed class JobControlCallsTests : IAsyncLifetime
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
    public async Task StartJobAsync_PriorityAndDuplicates_AreSent()
    {
        await _client.StartJobAsync("staff", new JobOptions { OnDuplicate = OnDuplicate.Skip, Priority = JobPriority.High });

        Assert.Equal((OnDuplicate.Skip, JobPriority.High), (_server.Ingestion.LastStart!.OnDuplicate, _server.Ingestion.LastStart.Priority));
    }

    [Fact]
    public async Task PauseResumeCancel_OpenJob_AnswerTheJob()
    {
        var job = await _client.StartJobAsync("staff");

        var paused = await _client.PauseJobAsync(job.JobId);
        var resumed = await _client.ResumeJobAsync(job.JobId);
        var cancelled = await _client.CancelJobAsync(job.JobId);
        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.PauseJobAsync(job.JobId));

        Assert.Equal((true, false, JobState.Cancelled), (paused.Paused, resumed.Paused, cancelled.State));
        Assert.Equal(("JOB_ENDED", StatusCode.FailedPrecondition), (failure.Reason, failure.Status));
    }

    [Fact]
    public async Task RetryItemsAsync_AllOrNamed_OnlyThose()
    {
        var job = await _client.StartJobAsync("staff");
        await _client.UploadAsync(job.JobId, Photos("a.jpg", "b.jpg", "c.jpg"));

        var one = await _client.RetryItemsAsync(job.JobId, ["ada/b.jpg"]);
        var rest = await _client.RetryItemsAsync(job.JobId);

        Assert.Equal((1, 2), (one.Retried, rest.Retried));
        Assert.Equal(3, rest.Job.Counts.Enrolled);
    }

    [Fact]
    public async Task DownloadReportAsync_Pieces_AreOneFile()
    {
        var job = await _client.StartJobAsync("staff");
        using var file = new MemoryStream();

        var bytes = await _client.DownloadReportAsync(job.JobId, ReportFormat.Json, file);
        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.DownloadReportAsync("none", ReportFormat.Csv, Stream.Null));

        Assert.Equal($"Json of {job.JobId}", Encoding.UTF8.GetString(file.ToArray()));
        Assert.Equal(file.Length, bytes);
        Assert.Equal("JOB_NOT_FOUND", failure.Reason);
    }

    [Fact]
    public async Task ListItemsAsync_Filter_IsSent()
    {
        var job = await _client.StartJobAsync("staff");
        await _client.UploadAsync(job.JobId, Photos("a.jpg", "b.jpg"));

        Assert.Equal(2, await _client.ListItemsAsync(job.JobId, new ItemFilter { ErrorReason = "PHOTO_DAMAGED", Outcome = EnrolOutcome.Failed }).CountAsync());
        Assert.Equal(0, await _client.ListItemsAsync(job.JobId, new ItemFilter { PersonId = "grace" }).CountAsync());
        Assert.Equal(0, await _client.ListItemsAsync(job.JobId, new ItemFilter { State = ItemState.Accepted }).CountAsync());
    }

    [Fact]
    public async Task UploadAsync_Reference_IsSentInPlaceOfBytes()
    {
        var job = await _client.StartJobAsync("staff");

        var summary = await _client.UploadAsync(
            job.JobId, new[] { new PhotoUpload("ada", default) { Reference = new PhotoReference { ObjectKey = "in/ada.jpg" } } }.ToAsyncEnumerable());

        Assert.Equal(1, summary.Accepted);
        Assert.Equal("in/ada.jpg", Assert.Single(_server.Ingestion.References).ObjectKey);
    }

    private static IAsyncEnumerable<PhotoUpload> Photos(params string[] sources) =>
        sources.Select(source => new PhotoUpload("ada", FakePhoto.Of("damaged")) { Source = source }).ToAsyncEnumerable();
}
