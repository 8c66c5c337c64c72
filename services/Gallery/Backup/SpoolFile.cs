using FaceCloud.Contracts.Failures;
using FaceCloud.ServiceDefaults.Storage;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Backup;

/// <summary>
/// Makes files for one call beside the store: biometric data belongs on no other disk. Readable by this user only, and gone when the
/// call ends; on Unix without a name from the start, so that nothing is left when the process is killed.
/// </summary>
public sealed class SpoolFile(IOptions<StorageOptions> storage)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Dispose the stream to be rid of the file.</summary>
    /// <exception cref="FailureException">StoreUnavailable.</exception>
    public FileStream Create()
    {
        try
        {
            var folder = Directory.CreateDirectory(Path.GetFullPath(storage.Value.Directory));
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = BufferBytes,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var file = new FileStream(Path.Combine(folder.FullName, $"backup-{Guid.NewGuid():N}.tmp"), options);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(file.Name);
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(exception);
        }
    }

    public static FailureException NoRoom(Exception exception) =>
        new(FailureReason.StoreUnavailable, "The server cannot write the backup's temporary file; its disk may be full. Try again when there is room.", exception);
}
