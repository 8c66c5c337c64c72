using System.Runtime.CompilerServices;
using FaceCloud.Client.Transport;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Grpc.Core;

namespace FaceCloud.Client;

/// <content>Jobs: whole populations through the queue.</content>
public sealed partial class FaceCloudClient
{
    /// <summary>Opens a job for one gallery.</summary>
    /// <exception cref="FaceCloudException">INVALID_ID, JOB_EXISTS, UNREACHABLE, ….</exception>
    public Task<Job> StartJobAsync(string galleryId, JobOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new StartJobRequest { GalleryId = galleryId, JobId = options?.JobId ?? "", OnDuplicate = options?.OnDuplicate ?? default, Priority = options?.Priority ?? default };
        if (options?.MinQuality is { } quality)
        {
            request.MinQuality = quality;
        }

        if (options?.MaxFaces is { } faces)
        {
            request.MaxFaces = faces;
        }

        return _ingestion.AnswerAsync(Ingestion.StartJobAsync(request, Plain(cancellationToken)), cancellationToken);
    }

    /// <summary>
    /// Sends photos into a job, in batches of up to 64 photos or 32 MB. Returns when all are acknowledged: stored, and sure to get an outcome.
    /// A batch that finds no server is repeated as <see cref="FaceCloudClientOptions.MaxAttempts"/> says. After a failure the whole
    /// upload may be repeated with the same job: the same photo of the same person is the same item.
    /// </summary>
    /// <param name="jobId">The open job.</param>
    /// <param name="photos">Read as they are sent, one batch ahead; at most two batches are in memory.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Ends the upload; what was acknowledged stays.</param>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, JOB_CLOSED, BROKER_UNAVAILABLE, UNREACHABLE, ….</exception>
    public Task<UploadSummary> UploadAsync(
        string jobId, IAsyncEnumerable<PhotoUpload> photos, IProgress<UploadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new PhotoUploader(_ingestion, Ingestion, _options, jobId, progress).UploadAsync(photos, cancellationToken);

    /// <summary>Says that no more photos come; the job completes once every item has its outcome.</summary>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, UNREACHABLE, ….</exception>
    public Task<Job> CloseJobAsync(string jobId, CancellationToken cancellationToken = default) =>
        _ingestion.AnswerAsync(Ingestion.CloseJobAsync(new CloseJobRequest { JobId = jobId }, Plain(cancellationToken)), cancellationToken);

    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, UNREACHABLE, ….</exception>
    public Task<Job> GetJobAsync(string jobId, CancellationToken cancellationToken = default) =>
        _ingestion.AnswerAsync(Ingestion.GetJobAsync(new GetJobRequest { JobId = jobId }, Plain(cancellationToken)), cancellationToken);

    /// <summary>All jobs, newest first.</summary>
    /// <exception cref="FaceCloudException">UNREACHABLE, ….</exception>
    public IAsyncEnumerable<Job> ListJobsAsync(int pageSize = 100, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            token => _ingestion.AnswerAsync(
                Ingestion.ListJobsAsync(new ListJobsRequest { PageSize = pageSize, PageToken = token }, Plain(cancellationToken)), cancellationToken),
            page => page.Jobs,
            page => page.NextPageToken,
            cancellationToken);

    /// <summary>
    /// The job at every change until it is completed or cancelled. Has no deadline; stop by leaving the loop or by the token.
    /// A connection that breaks is opened again, as often in a row as <see cref="FaceCloudClientOptions.MaxAttempts"/> says.
    /// </summary>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, UNREACHABLE, ….</exception>
    public async IAsyncEnumerable<Job> WatchJobAsync(string jobId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var failures = 0;
        while (true)
        {
            using var call = Ingestion.WatchJob(new WatchJobRequest { JobId = jobId }, cancellationToken: cancellationToken);
            RpcException? failure = null;
            while (true)
            {
                try
                {
                    if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (RpcException exception)
                {
                    failure = exception;
                    break;
                }

                failures = 0;
                yield return call.ResponseStream.Current;
            }

            failures++;
            if (failure.StatusCode != StatusCode.Unavailable || failures >= _options.MaxAttempts || cancellationToken.IsCancellationRequested)
            {
                throw _ingestion.Translate(failure, cancellationToken);
            }

            await Task.Delay(_options.RetryDelay * failures, _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Items of a job, by id.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="outcome">Only these; null: all.</param>
    /// <param name="pageSize">Items a call, 1..1000.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, UNREACHABLE, ….</exception>
    public IAsyncEnumerable<Item> ListItemsAsync(
        string jobId, EnrolOutcome? outcome = null, int pageSize = 1000, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            token => _ingestion.AnswerAsync(
                Ingestion.ListItemsAsync(
                    new ListItemsRequest { JobId = jobId, Outcome = outcome ?? EnrolOutcome.Unspecified, PageSize = pageSize, PageToken = token },
                    Plain(cancellationToken)),
                cancellationToken),
            page => page.Items,
            page => page.NextPageToken,
            cancellationToken);
}
