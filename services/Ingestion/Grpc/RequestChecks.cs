using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.Ingestion.Grpc;

/// <summary>What the protos say about ids, texts and ranges.</summary>
internal static class RequestChecks
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;
    private const int MaxPersonNameLength = 256;
    private const int MaxSourceLength = 1024;
    private const int MostFaces = 100;
    private const int MostItems = 1000;

    public static string JobId(string jobId)
    {
        Ids.CheckJob(jobId);
        return jobId;
    }

    public static string GalleryId(string galleryId)
    {
        Ids.CheckGallery(galleryId);
        return galleryId;
    }

    public static string PersonId(string personId)
    {
        Ids.CheckPerson(personId);
        return personId;
    }

    public static string PersonName(string name)
    {
        Ids.CheckText("person_name", name, MaxPersonNameLength);
        return name;
    }

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

    /// <summary>A number of the enum: protocol buffers let any through.</summary>
    public static T Known<T>(string field, T value)
        where T : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new FailureException(FailureReason.InvalidArgument, $"{field} {value} is not one of {typeof(T).Name}.");

    public static IReadOnlyCollection<Guid> ItemIds(IReadOnlyCollection<string> ids)
    {
        if (ids.Count > MostItems)
        {
            throw new FailureException(FailureReason.InvalidArgument, $"item_ids may name at most {MostItems} items a call.");
        }

        return [.. ids.Select(id => Guid.TryParseExact(id, "D", out var itemId)
            ? itemId
            : throw new FailureException(FailureReason.InvalidId, "item_ids must be UUIDs, as in Item."))];
    }

    public static int PageSize(int size) => size switch
    {
        0 => DefaultPageSize,
        >= 1 and <= MaxPageSize => size,
        _ => throw new FailureException(FailureReason.InvalidArgument, $"page_size must be from 1 to {MaxPageSize}."),
    };
}
