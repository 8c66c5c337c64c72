using System.IO.Compression;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Backup;

/// <summary>Writes a gallery as it is at one moment into a file, while writes go on.</summary>
public sealed class GalleryExporter(GalleryStore store, WriteLocks locks, SpoolFile spool, TimeProvider time)
{
    /// <summary>The file, at its beginning; dispose it to be rid of it.</summary>
    /// <exception cref="FailureException">GalleryNotFound, StoreUnavailable.</exception>
    public async Task<ExportedGallery> ExportAsync(GalleryKey key, CancellationToken cancellationToken)
    {
        DateTimeOffset at;
        StoreSnapshot opened;
        using (await locks.EnterAsync(key, cancellationToken))
        {
            // Under the lock nothing is half-way: what is deleted later than this is in the file, what was deleted before is not.
            at = time.GetUtcNow();
            opened = await store.OpenSnapshotAsync(key, cancellationToken);
        }

        await using var snapshot = opened;
        var file = spool.Create();
        try
        {
            BackupManifest manifest;
            using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            {
                manifest = await new BackupWriter(archive).WriteAsync(snapshot, at, cancellationToken);
            }

            file.Position = 0;
            return new ExportedGallery(file, key.GalleryId, manifest.EmbeddingContract, manifest.Persons, manifest.Faces);
        }
        catch (IOException exception)
        {
            await file.DisposeAsync();
            throw SpoolFile.NoRoom(exception);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
