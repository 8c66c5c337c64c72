using FaceCloud.Contracts.Failures;
using FaceCloud.Vision;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.References;

/// <summary>Photos below one folder of this server.</summary>
public sealed class PathPhotos(IOptions<ReferenceOptions> options, IOptions<VisionOptions> vision)
{
    /// <exception cref="FailureException">ReferenceNotAllowed, ReferenceUnreadable, PhotoNotFound, PhotoTooLarge.</exception>
    public async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (options.Value.Directory.Length == 0)
        {
            throw ReferenceFailures.Off("path", "Ingestion:References:Directory");
        }

        try
        {
            using var file = File.OpenHandle(Resolve(path), FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.Asynchronous);
            var length = RandomAccess.GetLength(file);
            if (length > vision.Value.MaxPhotoBytes)
            {
                throw ReferenceFailures.TooLarge(vision.Value.MaxPhotoBytes);
            }

            var photo = new byte[length];
            var read = await RandomAccess.ReadAsync(file, photo, 0, cancellationToken);
            return read == photo.Length ? photo : throw ReferenceFailures.Unreadable("The file changed while it was read.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ReferenceFailures.NotFound("There is no such file below the folder that this server reads from.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ReferenceFailures.Unreadable("The file cannot be read by this server.", exception);
        }
    }

    private string Resolve(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(path))
        {
            throw ReferenceFailures.NotAllowed("A path must be relative to the folder that this server reads from.");
        }

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Value.Directory));
        var full = Path.GetFullPath(Path.Combine(root, path));
        RequireBelow(root, full);

        // The folder itself may be a link, but nothing below it may lead out of it.
        var realRoot = new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? root;
        for (var step = full; step.Length > root.Length; step = Path.GetDirectoryName(step)!)
        {
            if (File.ResolveLinkTarget(step, returnFinalTarget: true) is { } target)
            {
                RequireBelow(realRoot, target.FullName);
            }
        }

        return full;
    }

    private static void RequireBelow(string root, string path)
    {
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw ReferenceFailures.NotAllowed("The path leads out of the folder that this server reads from.");
        }
    }
}
