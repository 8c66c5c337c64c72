using System.Text.RegularExpressions;
using FaceCloud.Contracts.Failures;
using FaceCloud.ServiceDefaults.Storage;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Photos;

/// <summary>
/// Photos in a local folder, two levels of 256 folders deep, so that none grows long.
/// All processes of the service must see the same folder.
/// </summary>
public sealed partial class FolderPhotoStore(IOptions<StorageOptions> options, IOptions<IngestionOptions> ingestion) : IPhotoStore
{
    private const string TemporaryFolder = "tmp";
    private const int SweepBatch = 500;

    private readonly string _root = Path.Combine(Path.GetFullPath(options.Value.Directory), "photos");

    // Written elsewhere on the same disk and renamed: nobody reads half a photo.
    public async Task SaveAsync(string key, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken)
    {
        var path = PathOf(key) ?? throw new ArgumentException("A photo key is 4 to 64 of a-z and 0-9.", nameof(key));
        var temporary = Temporary();
        DiskSpace.Require(_root, ingestion.Value.PhotoStoreReserveMegabytes);
        try
        {
            await WriteAsync(temporary, photo, cancellationToken);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            File.Delete(temporary);
            if (exception is IOException failed && DiskSpace.IsFull(failed))
            {
                throw DiskSpace.Full(failed);
            }

            throw;
        }
    }

    public async Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return PathOf(key) is { } path ? await File.ReadAllBytesAsync(path, cancellationToken) : throw NotFound(null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound(exception);
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        if (PathOf(key) is { } path && File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    public async Task<int> SweepAsync(
        DateTimeOffset savedBefore,
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlySet<string>>> stillNeeded,
        CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root))
        {
            return 0;
        }

        var deleted = 0;
        var old = Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
            .Where(path => File.GetLastWriteTimeUtc(path) < savedBefore.UtcDateTime);
        foreach (var paths in old.Chunk(SweepBatch))
        {
            // What is not at the place of its name, such as a temporary file of a crashed write, nobody needs.
            var photos = paths.Where(path => PathOf(Path.GetFileName(path)) == path).ToArray();
            var needed = await stillNeeded([.. photos.Select(path => Path.GetFileName(path))], cancellationToken);
            foreach (var path in paths.Except(photos.Where(path => needed.Contains(Path.GetFileName(path)))))
            {
                File.Delete(path);
                deleted++;
            }
        }

        return deleted;
    }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var temporary = Temporary();
        await WriteAsync(temporary, new byte[1], cancellationToken);
        File.Delete(temporary);
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, photo.Length);
        await RandomAccess.WriteAsync(file, photo, 0, cancellationToken);
        RandomAccess.FlushToDisk(file);
    }

    private static FailureException NotFound(Exception? inner)
    {
        const string message = "The photo is not in the photo store any more; send it again.";
        return inner is null ? new(FailureReason.PhotoNotFound, message) : new(FailureReason.PhotoNotFound, message, inner);
    }

    [GeneratedRegex("^[a-z0-9]{4,64}\\z")]
    private static partial Regex Key();

    private string Temporary()
    {
        var folder = Path.Combine(_root, TemporaryFolder);
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, Guid.NewGuid().ToString("N") + ".part");
    }

    // No separators and no dots get through: a key cannot lead out of the folder.
    private string? PathOf(string key) => Key().IsMatch(key) ? Path.Combine(_root, key[..2], key[2..4], key) : null;
}
