using System.Globalization;
using System.Text.RegularExpressions;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.Ingestion.Grpc;

/// <summary>What the protos say about ids, texts and ranges.</summary>
internal static partial class RequestChecks
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;
    private const int MaxPersonIdLength = 128;
    private const int MaxPersonNameLength = 256;
    private const int MaxSourceLength = 1024;
    private const int MostFaces = 100;

    public static bool IsJobId(string jobId) => JobIds().IsMatch(jobId);

    public static string JobId(string jobId) => IsJobId(jobId)
        ? jobId
        : throw new FailureException(FailureReason.InvalidId, "job_id must be 1 to 64 of a-z 0-9 . _ - .");

    public static string GalleryId(string galleryId) => GalleryIds().IsMatch(galleryId)
        ? galleryId
        : throw new FailureException(FailureReason.InvalidId, "gallery_id must be 1 to 64 of a-z 0-9 . _ - and begin with a letter or digit.");

    public static string PersonId(string personId) => personId.Length is > 0 and <= MaxPersonIdLength && personId.EnumerateRunes().All(IsPrintable)
        ? personId
        : throw new FailureException(FailureReason.InvalidId, "person_id must be 1 to 128 printable characters.");

    public static string PersonName(string name) => name.Length <= MaxPersonNameLength && name.EnumerateRunes().All(IsPrintable)
        ? name
        : throw new FailureException(FailureReason.InvalidArgument, "person_name must be at most 256 printable characters.");

    // A file name may hold anything but NUL; PostgreSQL takes no NUL either.
    public static string Source(string source) => source.Length <= MaxSourceLength && !source.Contains('\0', StringComparison.Ordinal)
        ? source
        : throw new FailureException(FailureReason.InvalidArgument, "source must be at most 1024 characters, without NUL.");

    public static float? MinQuality(bool given, float quality) => !given
        ? null
        : quality is >= 0 and <= 1
            ? quality
            : throw new FailureException(FailureReason.InvalidArgument, "min_quality must be from 0 to 1.");

    public static int MaxFaces(bool given, int faces) => !given
        ? 1
        : faces is >= 1 and <= MostFaces
            ? faces
            : throw new FailureException(FailureReason.InvalidArgument, $"max_faces must be from 1 to {MostFaces}.");

    public static int PageSize(int size) => size switch
    {
        0 => DefaultPageSize,
        >= 1 and <= MaxPageSize => size,
        _ => throw new FailureException(FailureReason.InvalidArgument, $"page_size must be from 1 to {MaxPageSize}."),
    };

    private static bool IsPrintable(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or
        UnicodeCategory.Surrogate or
        UnicodeCategory.LineSeparator or
        UnicodeCategory.ParagraphSeparator or
        UnicodeCategory.OtherNotAssigned);

    [GeneratedRegex("^[a-z0-9._-]{1,64}\\z")]
    private static partial Regex JobIds();

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}\\z")]
    private static partial Regex GalleryIds();
}
