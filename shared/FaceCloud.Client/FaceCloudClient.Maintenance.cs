using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.Client;

/// <content>What is wrong with a gallery; a gallery as a file.</content>
public sealed partial class FaceCloudClient
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Faces and persons of a gallery that a person should look at. Changes nothing.</summary>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, CONTRACT_MISMATCH, MODEL_NOT_CALIBRATED, UNREACHABLE, ….</exception>
    public Task<ExamineResponse> ExamineAsync(ExamineRequest request, CancellationToken cancellationToken = default) =>
        _gallery.AnswerAsync(Doctor.ExamineAsync(request, Long(cancellationToken)), cancellationToken);

    /// <summary>
    /// Writes a gallery as one file into a stream, as it is at one moment. The file holds biometric data, unencrypted. What was written
    /// when this throws is not a whole file.
    /// </summary>
    /// <param name="galleryId">The gallery.</param>
    /// <param name="destination">Written from where it stands.</param>
    /// <param name="progress">Told the bytes so far, and of how many.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaceCloudException">GALLERY_NOT_FOUND, UNREACHABLE, ….</exception>
    public async Task<BackupSummary> ExportGalleryAsync(
        string galleryId, Stream destination, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var call = Backups.Export(new ExportRequest { GalleryId = galleryId }, cancellationToken: cancellationToken);
        BackupSummary? summary = null;
        long bytes = 0;
        while (await NextAsync().ConfigureAwait(false))
        {
            var message = call.ResponseStream.Current;
            if (message.MessageCase == ExportResponse.MessageOneofCase.Summary)
            {
                summary = message.Summary;
                continue;
            }

            await destination.WriteAsync(message.Chunk.Memory, cancellationToken).ConfigureAwait(false);
            bytes += message.Chunk.Length;
            progress?.Report(new BackupProgress(bytes, summary?.Bytes ?? 0));
        }

        return summary is not null && summary.Bytes == bytes
            ? summary
            : throw new FaceCloudException(StatusCode.DataLoss, FailureReasons.BackupDamaged, "The server ended the backup before its end; try again.");

        async Task<bool> NextAsync()
        {
            try
            {
                return await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException exception)
            {
                throw _gallery.Translate(exception, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Puts a file of <see cref="ExportGalleryAsync"/> into a gallery, which is made when there is none. Nothing is written before the server
    /// has checked the whole file; what is there stays. May be repeated after any failure.
    /// </summary>
    /// <param name="source">Read to its end.</param>
    /// <param name="options">Where to, and how; default: the gallery that the file names.</param>
    /// <param name="progress">Told the bytes sent so far, and of how many where the source knows.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaceCloudException">BACKUP_DAMAGED, BACKUP_UNSUPPORTED, CONTRACT_MISMATCH, UNREACHABLE, ….</exception>
    public async Task<ImportResponse> ImportGalleryAsync(
        Stream source, ImportOptions? options = null, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var call = Backups.Import(cancellationToken: cancellationToken);
        var total = source.CanSeek ? source.Length : 0;
        if (await WriteAsync(new ImportRequest { Options = options ?? new ImportOptions() }).ConfigureAwait(false))
        {
            int read;
            long bytes = 0;
            var buffer = new byte[ChunkBytes];
            while ((read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0
                && await WriteAsync(new ImportRequest { Chunk = ByteString.CopyFrom(buffer, 0, read) }).ConfigureAwait(false))
            {
                bytes += read;
                progress?.Report(new BackupProgress(bytes, total));
            }
        }

        try
        {
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The server has ended the call; why stands in its answer.
        }

        try
        {
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw _gallery.Translate(exception, cancellationToken);
        }

        // False when the server has ended the call.
        async Task<bool> WriteAsync(ImportRequest request)
        {
            try
            {
                await call.RequestStream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (exception is RpcException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    private CallOptions Long(CancellationToken cancellationToken) => _gallery.Within(_options.LongDeadline, cancellationToken);
}
