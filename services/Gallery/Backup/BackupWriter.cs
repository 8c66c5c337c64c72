using System.IO.Compression;
using System.Text.Json;
using FaceCloud.Contracts;
using FaceCloud.Gallery.Grpc;
using FaceCloud.Gallery.Store;
using Google.Protobuf;

namespace FaceCloud.Gallery.Backup;

/// <summary>Writes one gallery as a file: entries as they come, the manifest with their checksums last. Holds one part of embeddings in memory.</summary>
internal sealed class BackupWriter(ZipArchive archive)
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly List<BackupEntry> _entries = [];

    public async Task<BackupManifest> WriteAsync(StoreSnapshot snapshot, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        await WriteEntryAsync(BackupFormat.Gallery, CompressionLevel.Fastest, stream => WriteGalleryAsync(snapshot.Gallery, stream, cancellationToken));
        long persons = 0;
        await WriteEntryAsync(BackupFormat.Persons, CompressionLevel.Fastest, async stream => persons = await WritePersonsAsync(snapshot, stream, cancellationToken));
        var faces = await WriteFacesAsync(snapshot, cancellationToken);

        var manifest = new BackupManifest
        {
            Format = BackupFormat.Name,
            Version = BackupFormat.Version,
            CreatedAt = createdAt,
            GalleryId = snapshot.Gallery.GalleryId,
            EmbeddingContract = faces > 0 ? snapshot.Gallery.EmbeddingContract : "",
            Dimension = faces > 0 ? snapshot.Gallery.Dimension : 0,
            Persons = persons,
            Faces = faces,
            Needs = [BackupFormat.Gallery, BackupFormat.Persons],
            Entries = [.. _entries],
        };
        await WriteEntryAsync(BackupFormat.Manifest, CompressionLevel.Fastest, stream => JsonSerializer.SerializeAsync(stream, manifest, BackupFormat.Json, cancellationToken));
        return manifest;
    }

    private static async Task WriteGalleryAsync(GalleryRow row, Stream stream, CancellationToken cancellationToken)
    {
        using var settings = JsonDocument.Parse(JsonFormatter.Default.Format(GalleryMapping.ToProto(new GallerySummary(row, 0, 0)).Settings));
        var gallery = new BackupGallery { GalleryId = row.GalleryId, Name = row.Name, CreatedAt = row.CreatedAt, Settings = settings.RootElement };
        await JsonSerializer.SerializeAsync(stream, gallery, BackupFormat.Json, cancellationToken);
    }

    private static async Task<long> WritePersonsAsync(StoreSnapshot snapshot, Stream stream, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (var row in snapshot.ReadPersonsAsync().WithCancellation(cancellationToken))
        {
            await WriteLineAsync(
                stream,
                new BackupPerson { PersonId = row.PersonId, ExternalId = row.ExternalId, Name = row.Name, Metadata = row.Metadata, CreatedAt = row.CreatedAt },
                cancellationToken);
            count++;
        }

        return count;
    }

    private async Task<long> WriteFacesAsync(StoreSnapshot snapshot, CancellationToken cancellationToken)
    {
        long count = 0;
        await using var faces = snapshot.ReadFacesAsync().GetAsyncEnumerator(cancellationToken);
        using var embeddings = new MemoryStream();
        var more = await faces.MoveNextAsync();
        for (var part = 1; more; part++)
        {
            embeddings.SetLength(0);
            await WriteEntryAsync(BackupFormat.Part(part) + BackupFormat.FacesSuffix, CompressionLevel.Fastest, async stream =>
            {
                for (var inPart = 0; more && inPart < BackupFormat.PartFaces; inPart++)
                {
                    await WriteLineAsync(stream, ToFace(faces.Current), cancellationToken);
                    embeddings.Write(faces.Current.Embedding);
                    count++;
                    more = await faces.MoveNextAsync();
                }
            });

            // Random digits do not get smaller.
            await WriteEntryAsync(
                BackupFormat.Part(part) + BackupFormat.EmbeddingsSuffix,
                CompressionLevel.NoCompression,
                stream => stream.WriteAsync(embeddings.GetBuffer().AsMemory(0, (int)embeddings.Length), cancellationToken).AsTask());
        }

        return count;
    }

    private static BackupFace ToFace(FaceRow row) => new()
    {
        FaceId = row.FaceId,
        PersonId = row.PersonId,
        PhotoSha256 = row.PhotoSha256,
        FaceOrdinal = row.FaceOrdinal,
        ItemId = row.ItemId,
        Box = new FaceBox(row.BoxX, row.BoxY, row.BoxWidth, row.BoxHeight),
        Quality = new BackupQuality(row.QualityScore, row.Sharpness, row.Brightness, row.Yaw, row.Pitch, row.Roll),
        CreatedAt = row.CreatedAt,
    };

    private static async Task WriteLineAsync<T>(Stream stream, T line, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, BackupFormat.Json), cancellationToken);
        await stream.WriteAsync(NewLine, cancellationToken);
    }

    private async Task WriteEntryAsync(string name, CompressionLevel compression, Func<Stream, Task> write)
    {
        await using var entry = archive.CreateEntry(name, compression).Open();
        await using var checksum = new ChecksumStream(entry);
        await write(checksum);
        await checksum.FlushAsync(CancellationToken.None);
        _entries.Add(new BackupEntry(name, checksum.Bytes, checksum.Sha256()));
    }
}
