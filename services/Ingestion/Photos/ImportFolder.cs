using FaceCloud.Contracts.Failures;
using FaceCloud.Vision;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Photos;

/// <summary>
/// The folder from which photos are taken by path (<see cref="IngestionOptions.ImportDirectory"/>). Whoever may publish names paths, so none
/// leads out of it: no way up, and no links on the way.
/// </summary>
public sealed class ImportFolder(IOptions<IngestionOptions> options, IOptions<VisionOptions> vision)
{
    private const int MaxPathLength = 1024;

    /// <param name="path">Below the folder, parted by "/".</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FailureException">InvalidArgument: photos are not taken by path here, or no such path; PhotoNotFound; PhotoTooLarge.</exception>
    public async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Find(path));
        try
        {
            if (file.Length > vision.Value.MaxPhotoBytes)
            {
                throw new FailureException(
                    FailureReason.PhotoTooLarge, $"The photo has {file.Length} bytes; at most {vision.Value.MaxPhotoBytes} are taken. Send a smaller one.");
            }

            return await File.ReadAllBytesAsync(file.FullName, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new FailureException(FailureReason.PhotoNotFound, "There is no readable photo at that path of the import folder.", exception);
        }
    }

    private string Find(string path)
    {
        if (options.Value.ImportDirectory is not { Length: > 0 } root)
        {
            throw new FailureException(FailureReason.InvalidArgument, "This server takes no photos by path; its operator sets Ingestion:ImportDirectory.");
        }

        var parts = path.Split('/');
        if (path.Length > MaxPathLength || !parts.All(IsName))
        {
            throw new FailureException(
                FailureReason.InvalidArgument, "photo_path must be names parted by '/', below the import folder, at most 1024 characters, without '.' and '..'.");
        }

        var place = Path.GetFullPath(root);
        foreach (var part in parts)
        {
            place = Path.Combine(place, part);
            if (new FileInfo(place).LinkTarget is not null)
            {
                throw new FailureException(FailureReason.InvalidArgument, "photo_path leads over a link; links are not followed.");
            }
        }

        return place;
    }

    private static bool IsName(string part) =>
        part is not ("" or "." or "..") && !part.Contains('\\', StringComparison.Ordinal) && !part.Contains('\0', StringComparison.Ordinal) && !Path.IsPathRooted(part);
}
