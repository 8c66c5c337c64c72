using FaceCloud.Gallery.Grpc;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Backup;

/// <summary>The receptionist of backups: a file out in chunks, a file in in chunks.</summary>
public sealed class BackupGrpcService(GalleryExporter exporter, GalleryImporter importer, SpoolFile spool, IOptions<BackupOptions> options)
    : BackupService.BackupServiceBase
{
    private const int ChunkBytes = 256 * 1024;

    public override async Task Export(ExportRequest request, IServerStreamWriter<ExportResponse> responseStream, ServerCallContext context)
    {
        await using var exported = await exporter.ExportAsync(RequestChecks.Gallery(request.GalleryId), context.CancellationToken);
        var summary = new BackupSummary
        {
            GalleryId = exported.GalleryId,
            EmbeddingContract = exported.EmbeddingContract,
            Persons = exported.Persons,
            Faces = exported.Faces,
            Bytes = exported.File.Length,
        };
        await responseStream.WriteAsync(new ExportResponse { Summary = summary }, context.CancellationToken);

        int read;
        var buffer = new byte[ChunkBytes];
        while ((read = await exported.File.ReadAsync(buffer, context.CancellationToken)) > 0)
        {
            await responseStream.WriteAsync(new ExportResponse { Chunk = ByteString.CopyFrom(buffer, 0, read) }, context.CancellationToken);
        }
    }

    public override async Task<ImportResponse> Import(IAsyncStreamReader<ImportRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.MessageCase != ImportRequest.MessageOneofCase.Options)
        {
            throw RequestChecks.Invalid("The first message of the stream must hold options; every further one a chunk of the file.");
        }

        var rules = ToRules(requestStream.Current.Options);
        await using var file = spool.Create();
        await ReceiveAsync(requestStream, file, context.CancellationToken);
        file.Position = 0;
        return ToProto(await importer.ImportAsync(file, rules, context.CancellationToken));
    }

    private async Task ReceiveAsync(IAsyncStreamReader<ImportRequest> requests, FileStream file, CancellationToken cancellationToken)
    {
        await foreach (var request in requests.ReadAllAsync(cancellationToken))
        {
            if (request.MessageCase != ImportRequest.MessageOneofCase.Chunk)
            {
                throw RequestChecks.Invalid("After the first message every message of the stream must hold a chunk of the file.");
            }

            if (file.Length + request.Chunk.Length > options.Value.MaxBytes)
            {
                throw RequestChecks.Invalid($"The file has more than {options.Value.MaxBytes} bytes; raise Backup:MaxBytes if that is meant.");
            }

            try
            {
                await file.WriteAsync(request.Chunk.Memory, cancellationToken);
            }
            catch (IOException exception)
            {
                throw SpoolFile.NoRoom(exception);
            }
        }
    }

    private static ImportRules ToRules(ImportOptions options) => new()
    {
        Gallery = options.GalleryId.Length > 0 ? RequestChecks.Gallery(options.GalleryId) : null,
        ReplaceSettings = options.ReplaceSettings,
        RestoreDeleted = options.RestoreDeleted,
    };

    private static ImportResponse ToProto(ImportedGallery answer) => new()
    {
        GalleryId = answer.GalleryId,
        EmbeddingContract = answer.EmbeddingContract,
        GalleryCreated = answer.GalleryCreated,
        SettingsApplied = answer.SettingsApplied,
        PersonsAdded = answer.PersonsAdded,
        PersonsPresent = answer.PersonsPresent,
        PersonsDeleted = answer.PersonsDeleted,
        FacesAdded = answer.FacesAdded,
        FacesPresent = answer.FacesPresent,
        FacesDeleted = answer.FacesDeleted,
    };
}
