using FaceCloud.Contracts.Failures;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>A file of a few bytes; takes back what it gave.</summary>
internal sealed class FakeBackups(FakeGallery gallery) : BackupService.BackupServiceBase
{
    public byte[] File { get; set; } = [.. Enumerable.Range(0, 700_000).Select(i => (byte)i)];

    /// <summary>Says more bytes than it sends.</summary>
    public bool EndsEarly { get; set; }

    /// <summary>Fails after the first chunk.</summary>
    public bool Breaks { get; set; }

    public ImportOptions? LastOptions { get; private set; }

    public override async Task Export(ExportRequest request, IServerStreamWriter<ExportResponse> responseStream, ServerCallContext context)
    {
        await gallery.GetGallery(new GetGalleryRequest { GalleryId = request.GalleryId }, context);
        await responseStream.WriteAsync(new ExportResponse
        {
            Summary = new BackupSummary { GalleryId = request.GalleryId, EmbeddingContract = "fake:000000000000", Persons = 2, Faces = 2, Bytes = File.Length },
        });
        foreach (var chunk in File.Chunk(256 * 1024).SkipLast(EndsEarly ? 1 : 0))
        {
            await responseStream.WriteAsync(new ExportResponse { Chunk = ByteString.CopyFrom(chunk) });
            if (Breaks)
            {
                throw new FailureException(FailureReason.StoreUnavailable, "The store does not answer.");
            }
        }
    }

    public override async Task<ImportResponse> Import(IAsyncStreamReader<ImportRequest> requestStream, ServerCallContext context)
    {
        using var file = new MemoryStream();
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (request.MessageCase == ImportRequest.MessageOneofCase.Options)
            {
                LastOptions = request.Options;
            }

            request.Chunk.WriteTo(file);
        }

        return file.ToArray().AsSpan().SequenceEqual(File)
            ? new ImportResponse
            {
                GalleryId = LastOptions!.GalleryId.Length > 0 ? LastOptions.GalleryId : "default",
                PersonsAdded = 1,
                PersonsPresent = 1,
                FacesPresent = 1,
                FacesDeleted = LastOptions.RestoreDeleted ? 0 : 1,
                SettingsApplied = LastOptions.ReplaceSettings,
                EmbeddingContract = "fake:000000000000",
            }
            : throw new FailureException(FailureReason.BackupDamaged, "The file is no whole backup of a gallery.");
    }
}
