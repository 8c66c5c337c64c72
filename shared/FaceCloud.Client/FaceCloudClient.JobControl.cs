using FaceCloud.Client.Transport;
using FaceCloud.Protos.Ingestion.V1;
using Grpc.Core;

namespace FaceCloud.Client;

/// <content>Jobs while they run, and after.</content>
public sealed partial class FaceCloudClient
{
    /// <summary>The job goes on taking photos but sends none on, over restarts too. May be repeated.</summary>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, JOB_ENDED, UNREACHABLE, ….</exception>
    public Task<Job> PauseJobAsync(string jobId, CancellationToken cancellationToken = default) =>
        _ingestion.AnswerAsync(Ingestion.PauseJobAsync(new PauseJobRequest { JobId = jobId }, Plain(cancellationToken)), cancellationToken);

    /// <summary>A paused job goes on. May be repeated.</summary>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, JOB_ENDED, UNREACHABLE, ….</exception>
    public Task<Job> ResumeJobAsync(string jobId, CancellationToken cancellationToken = default) =>
        _ingestion.AnswerAsync(Ingestion.ResumeJobAsync(new ResumeJobRequest { JobId = jobId }, Plain(cancellationToken)), cancellationToken);

    /// <summary>Ends the job: what has no outcome is CANCELLED for good. May be repeated.</summary>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, JOB_ENDED (it is completed), UNREACHABLE, ….</exception>
    public Task<Job> CancelJobAsync(string jobId, CancellationToken cancellationToken = default) =>
        _ingestion.AnswerAsync(
            Ingestion.CancelJobAsync(new CancelJobRequest { JobId = jobId }, _ingestion.Within(_options.LongDeadline, cancellationToken)), cancellationToken);

    /// <summary>Sends failed items again: the named ones, or all whose failure may heal. May be repeated.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="itemIds">At most 1000; null or empty: all whose failure may heal.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, JOB_ENDED (it is cancelled), INVALID_ID, UNREACHABLE, ….</exception>
    public Task<RetryItemsResponse> RetryItemsAsync(string jobId, IEnumerable<string>? itemIds = null, CancellationToken cancellationToken = default) =>
        _ingestion.AnswerAsync(
            Ingestion.RetryItemsAsync(
                new RetryItemsRequest { JobId = jobId, ItemIds = { itemIds ?? [] } }, _ingestion.Within(_options.LongDeadline, cancellationToken)),
            cancellationToken);

    /// <summary>Writes the job and all its items as one file into a stream. What was written when this throws is not a whole file.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, UNREACHABLE, ….</exception>
    public async Task<long> DownloadReportAsync(string jobId, ReportFormat format, Stream destination, CancellationToken cancellationToken = default)
    {
        using var call = Ingestion.DownloadReport(new DownloadReportRequest { JobId = jobId, Format = format }, cancellationToken: cancellationToken);
        long bytes = 0;
        while (await NextAsync().ConfigureAwait(false))
        {
            var piece = call.ResponseStream.Current.Data;
            await destination.WriteAsync(piece.Memory, cancellationToken).ConfigureAwait(false);
            bytes += piece.Length;
        }

        return bytes;

        async Task<bool> NextAsync()
        {
            try
            {
                return await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException exception)
            {
                throw _ingestion.Translate(exception, cancellationToken);
            }
        }
    }

    /// <summary>Items of a job, by id, those that the filter lets through.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="filter">Which.</param>
    /// <param name="pageSize">Items a call, 1..1000.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="FaceCloudException">JOB_NOT_FOUND, UNREACHABLE, ….</exception>
    public IAsyncEnumerable<Item> ListItemsAsync(string jobId, ItemFilter filter, int pageSize = 1000, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            token => _ingestion.AnswerAsync(
                Ingestion.ListItemsAsync(
                    new ListItemsRequest
                    {
                        JobId = jobId,
                        Outcome = filter.Outcome,
                        State = filter.State,
                        ErrorReason = filter.ErrorReason,
                        PersonId = filter.PersonId,
                        PageSize = pageSize,
                        PageToken = token,
                    },
                    Plain(cancellationToken)),
                cancellationToken),
            page => page.Items,
            page => page.NextPageToken,
            cancellationToken);
}
