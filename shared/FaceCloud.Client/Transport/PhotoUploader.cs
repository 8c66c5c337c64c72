using FaceCloud.Protos.Ingestion.V1;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.Client.Transport;

/// <summary>
/// Sends photos in batches, a stream each. A batch that finds no server, or a server that is full, is sent again: the same photo of the same person
/// is the same item, so a repeat changes nothing. While one batch is sent, the next is read.
/// </summary>
internal sealed class PhotoUploader(
    ServerChannel channel, IngestionService.IngestionServiceClient ingestion, FaceCloudClientOptions options, string jobId, IProgress<UploadProgress>? progress)
{
    private const int BatchPhotos = 64;
    private const int BatchBytes = 32 * 1024 * 1024;

    // Room for the fields around the photo in its message.
    private const int MessageOverhead = 64 * 1024;

    private readonly List<RefusedPhoto> _refused = [];
    private long _read;
    private long _accepted;
    private long _refusedCount;

    public async Task<UploadSummary> UploadAsync(IAsyncEnumerable<PhotoUpload> photos, CancellationToken cancellationToken)
    {
        await using var source = photos.GetAsyncEnumerator(cancellationToken);
        var batch = await ReadBatchAsync(source).ConfigureAwait(false);
        while (batch.Read > 0)
        {
            var next = ReadBatchAsync(source);
            try
            {
                Book(batch, await SendAsync(batch, cancellationToken).ConfigureAwait(false));
            }
            finally
            {
                // The source must not be disposed while it is being read.
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            batch = await next.ConfigureAwait(false);
        }

        return new UploadSummary(_accepted, _refusedCount, _refused);
    }

    private async Task<Batch> ReadBatchAsync(IAsyncEnumerator<PhotoUpload> source)
    {
        var batch = new Batch();
        long bytes = 0;
        while (batch.Requests.Count < BatchPhotos && bytes < BatchBytes && await source.MoveNextAsync().ConfigureAwait(false))
        {
            var photo = source.Current;
            var position = _read++;
            batch.Read++;
            if (photo.Photo.Length + MessageOverhead > options.MaxMessageBytes)
            {
                batch.TooLarge.Add(new RefusedPhoto
                {
                    Position = position,
                    Source = photo.Source ?? "",
                    Reason = FailureReasons.PhotoTooLarge,
                    Message = $"The photo has {photo.Photo.Length} bytes, more than a message may have.",
                });
                continue;
            }

            bytes += photo.Photo.Length;
            batch.Positions.Add(position);
            batch.Requests.Add(new UploadPhotoRequest
            {
                JobId = jobId,
                PersonId = photo.PersonId,
                PersonName = photo.PersonName ?? "",
                Source = photo.Source ?? "",
                Photo = UnsafeByteOperations.UnsafeWrap(photo.Photo),
                Reference = photo.Reference,
            });
        }

        return batch;
    }

    private async Task<UploadResponse> SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (batch.Requests.Count == 0)
        {
            return new UploadResponse();
        }

        var delay = options.RetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(batch.Requests, cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException exception) when (!MayRepeat(exception, attempt, cancellationToken))
            {
                throw channel.Translate(exception, cancellationToken);
            }
            catch (RpcException)
            {
                await Task.Delay(delay, options.Time, cancellationToken).ConfigureAwait(false);
                delay *= 2;
            }
        }
    }

    private bool MayRepeat(RpcException exception, int attempt, CancellationToken cancellationToken) =>
        attempt < options.MaxAttempts && exception.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted && !cancellationToken.IsCancellationRequested;

    private async Task<UploadResponse> SendOnceAsync(List<UploadPhotoRequest> requests, CancellationToken cancellationToken)
    {
        using var call = ingestion.Upload(channel.Within(options.UploadDeadline, cancellationToken));
        try
        {
            foreach (var request in requests)
            {
                await call.RequestStream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
            }

            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException or RpcException)
        {
            // The server has ended the call; why stands in its answer, not in the failed write.
        }

        return await call.ResponseAsync.ConfigureAwait(false);
    }

    private void Book(Batch batch, UploadResponse response)
    {
        foreach (var photo in response.Refused)
        {
            photo.Position = batch.Positions[(int)photo.Position];
        }

        _refused.AddRange(batch.TooLarge.Concat(response.Refused).OrderBy(photo => photo.Position));
        _accepted += response.Accepted;
        _refusedCount += batch.TooLarge.Count + response.RefusedCount;
        progress?.Report(new UploadProgress(_accepted, _refusedCount));
    }

    private sealed class Batch
    {
        public int Read { get; set; }

        public List<UploadPhotoRequest> Requests { get; } = [];

        public List<long> Positions { get; } = [];

        public List<RefusedPhoto> TooLarge { get; } = [];
    }
}
