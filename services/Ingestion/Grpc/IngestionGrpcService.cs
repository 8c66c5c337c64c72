using FaceCloud.Contracts;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Reports;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.ServiceDefaults.Grpc;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.Ingestion.Grpc;

/// <summary>Receives calls of ingestion.proto: checks, one call on the domain, maps the answer.</summary>
public sealed class IngestionGrpcService(EnrolmentJobs jobs, JobControl control, JobReports reports, PhotoIntake intake, UploadReader uploads, TimeProvider time, IHostApplicationLifetime lifetime)
    : IngestionService.IngestionServiceBase
{
    public override async Task<Job> StartJob(StartJobRequest request, ServerCallContext context)
    {
        var terms = request.ToTerms();
        var jobId = request.JobId.Length == 0 ? Guid.CreateVersion7(time.GetUtcNow()).ToString() : RequestChecks.JobId(request.JobId);
        var job = await jobs.StartAsync(Tenants.Default, jobId, terms, context.CancellationToken);
        return job.ToProto(time.GetUtcNow());
    }

    public override Task<UploadResponse> Upload(IAsyncStreamReader<UploadPhotoRequest> requestStream, ServerCallContext context) =>
        uploads.AcceptAsync(requestStream, context.CancellationToken);

    public override async Task<Item> UploadPhoto(UploadPhotoRequest request, ServerCallContext context)
    {
        var item = await jobs.AcceptAsync(Tenants.Default, await intake.ReadAsync(request, context.CancellationToken), context.CancellationToken);
        return item.ToProto();
    }

    public override async Task<Job> CloseJob(CloseJobRequest request, ServerCallContext context)
    {
        var job = await jobs.CloseAsync(Tenants.Default, RequestChecks.JobId(request.JobId), context.CancellationToken);
        return job.ToProto(time.GetUtcNow());
    }

    public override async Task<Job> PauseJob(PauseJobRequest request, ServerCallContext context)
    {
        var job = await control.PauseAsync(Tenants.Default, RequestChecks.JobId(request.JobId), context.CancellationToken);
        return job.ToProto(time.GetUtcNow());
    }

    public override async Task<Job> ResumeJob(ResumeJobRequest request, ServerCallContext context)
    {
        var job = await control.ResumeAsync(Tenants.Default, RequestChecks.JobId(request.JobId), context.CancellationToken);
        return job.ToProto(time.GetUtcNow());
    }

    public override async Task<Job> CancelJob(CancelJobRequest request, ServerCallContext context)
    {
        var job = await control.CancelAsync(Tenants.Default, RequestChecks.JobId(request.JobId), context.CancellationToken);
        return job.ToProto(time.GetUtcNow());
    }

    public override async Task<RetryItemsResponse> RetryItems(RetryItemsRequest request, ServerCallContext context)
    {
        var items = RequestChecks.ItemIds(request.ItemIds);
        var retried = await control.RetryAsync(Tenants.Default, RequestChecks.JobId(request.JobId), items, context.CancellationToken);
        return new RetryItemsResponse { Job = retried.Job.ToProto(time.GetUtcNow()), Retried = retried.Items };
    }

    public override async Task DownloadReport(DownloadReportRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        // Over HTTP every message of a stream is followed by a line break; ours goes, so that the file is the same byte for byte.
        var isGrpc = context.GetHttpContext().Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        var format = JobMapping.ToDomain(request.Format);
        await foreach (var piece in reports.ReadAsync(Tenants.Default, RequestChecks.JobId(request.JobId), format, context.CancellationToken))
        {
            var data = !isGrpc && piece is [.., (byte)'\n'] ? piece.AsMemory(0, piece.Length - 1) : piece;
            await responseStream.WriteAsync(
                new HttpBody { ContentType = JobReports.ContentType(format), Data = UnsafeByteOperations.UnsafeWrap(data) }, context.CancellationToken);
        }
    }

    public override async Task<Job> GetJob(GetJobRequest request, ServerCallContext context)
    {
        var job = await jobs.GetAsync(Tenants.Default, RequestChecks.JobId(request.JobId), context.CancellationToken);
        return job.ToProto(time.GetUtcNow());
    }

    public override async Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context)
    {
        const string query = "jobs";
        var size = RequestChecks.PageSize(request.PageSize);
        var after = PageTokens.Read<JobPageEnd>(request.PageToken, query);
        var page = await jobs.ListAsync(
            Tenants.Default, after is null ? null : (after.CreatedAt, after.JobId), size, context.CancellationToken);
        var now = time.GetUtcNow();
        return new ListJobsResponse
        {
            Jobs = { page.Select(job => job.ToProto(now)) },
            NextPageToken = page.Count < size ? "" : PageTokens.Make(new JobPageEnd(page[^1].CreatedAt, page[^1].JobId), query),
        };
    }

    public override async Task WatchJob(WatchJobRequest request, IServerStreamWriter<Job> responseStream, ServerCallContext context)
    {
        // A job may be watched for hours; a shutdown must not wait for that.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var job in jobs.WatchAsync(Tenants.Default, RequestChecks.JobId(request.JobId), ended.Token))
            {
                await responseStream.WriteAsync(job.ToProto(time.GetUtcNow()), context.CancellationToken);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is shutting down; watch the job again."));
        }
    }

    public override async Task<ListItemsResponse> ListItems(ListItemsRequest request, ServerCallContext context)
    {
        var jobId = RequestChecks.JobId(request.JobId);
        var filter = request.ToFilter();
        var query = $"items {jobId} {filter}";
        var size = RequestChecks.PageSize(request.PageSize);
        var after = PageTokens.Read<Guid?>(request.PageToken, query);
        var page = await jobs.ListItemsAsync(Tenants.Default, jobId, filter, after, size, context.CancellationToken);
        return new ListItemsResponse
        {
            Items = { page.Select(JobMapping.ToProto) },
            NextPageToken = page.Count < size ? "" : PageTokens.Make(page[^1].ItemId, query),
        };
    }

    private sealed record JobPageEnd(DateTimeOffset CreatedAt, string JobId);
}
