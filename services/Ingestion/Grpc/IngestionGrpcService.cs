using FaceCloud.Contracts;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.ServiceDefaults.Grpc;
using Grpc.Core;

namespace FaceCloud.Ingestion.Grpc;

/// <summary>Receives calls of ingestion.proto: checks, one call on the domain, maps the answer.</summary>
public sealed class IngestionGrpcService(EnrolmentJobs jobs, UploadReader uploads, TimeProvider time, IHostApplicationLifetime lifetime)
    : IngestionService.IngestionServiceBase
{
    public override async Task<Job> StartJob(StartJobRequest request, ServerCallContext context)
    {
        var galleryId = RequestChecks.GalleryId(request.GalleryId);
        var jobId = request.JobId.Length == 0 ? Guid.CreateVersion7(time.GetUtcNow()).ToString() : RequestChecks.JobId(request.JobId);
        var minQuality = RequestChecks.MinQuality(request.HasMinQuality, request.MinQuality);
        var maxFaces = RequestChecks.MaxFaces(request.HasMaxFaces, request.MaxFaces);
        var job = await jobs.StartAsync(Tenants.Default, jobId, galleryId, minQuality, maxFaces, context.CancellationToken);
        return job.ToProto(time.GetUtcNow());
    }

    public override Task<UploadResponse> Upload(IAsyncStreamReader<UploadPhotoRequest> requestStream, ServerCallContext context) =>
        uploads.AcceptAsync(requestStream, context.CancellationToken);

    public override async Task<Item> UploadPhoto(UploadPhotoRequest request, ServerCallContext context)
    {
        var item = await jobs.AcceptAsync(Tenants.Default, request.ToNewPhoto(), context.CancellationToken);
        return item.ToProto();
    }

    public override async Task<Job> CloseJob(CloseJobRequest request, ServerCallContext context)
    {
        var job = await jobs.CloseAsync(Tenants.Default, RequestChecks.JobId(request.JobId), context.CancellationToken);
        return job.ToProto(time.GetUtcNow());
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
        var outcome = JobMapping.ToDomain(request.Outcome);
        var query = $"items {jobId} {outcome}";
        var size = RequestChecks.PageSize(request.PageSize);
        var after = PageTokens.Read<Guid?>(request.PageToken, query);
        var page = await jobs.ListItemsAsync(Tenants.Default, jobId, outcome, after, size, context.CancellationToken);
        return new ListItemsResponse
        {
            Items = { page.Select(JobMapping.ToProto) },
            NextPageToken = page.Count < size ? "" : PageTokens.Make(page[^1].ItemId, query),
        };
    }

    private sealed record JobPageEnd(DateTimeOffset CreatedAt, string JobId);
}
