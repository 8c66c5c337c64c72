using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

/// <summary>What is wrong with a request is said before any work is done.</summary>
internal static class RequestChecks
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;

    public static GalleryKey Gallery(string galleryId)
    {
        Ids.CheckGallery(galleryId);
        return new GalleryKey(Tenants.Default, galleryId);
    }

    public static string Person(string personId)
    {
        Ids.CheckPerson(personId);
        return personId;
    }

    public static Guid Face(string faceId) =>
        Guid.TryParseExact(faceId, "D", out var id)
            ? id
            : throw new FailureException(FailureReason.InvalidId, "face_id must be a UUID such as 8f14e45f-ceea-567a-9b6e-3d2c1f0a7b55.");

    public static int PageSize(int pageSize) => pageSize switch
    {
        0 => DefaultPageSize,
        >= 1 and <= MaxPageSize => pageSize,
        _ => throw Invalid($"page_size must be 1 to {MaxPageSize}."),
    };

    /// <param name="number">As sent; 0: <paramref name="unset"/>.</param>
    /// <param name="field">Its name.</param>
    /// <param name="max">Largest value.</param>
    /// <param name="unset">Default.</param>
    public static int Count(int number, string field, int max, int unset) =>
        number == 0 ? unset : number >= 1 && number <= max ? number : throw Invalid($"{field} must be 1 to {max}.");

    public static float Cosine(float value, string field) =>
        value is >= -1 and <= 1 ? value : throw Invalid($"{field} must be a cosine, -1 to 1.");

    public static double Rate(double value, string field) =>
        value is > 0 and < 1 ? value : throw Invalid($"{field} must be above 0 and below 1.");

    public static float Share(float value, string field) =>
        value is >= 0 and <= 1 ? value : throw Invalid($"{field} must be 0 to 1.");

    public static ThresholdWish Wish(float? threshold, double? rate, string rateField)
    {
        if (threshold is not null && rate is not null)
        {
            throw Invalid($"Set threshold or {rateField}, not both.");
        }

        return new ThresholdWish(
            threshold is { } cosine ? Cosine(cosine, "threshold") : null,
            rate is { } share ? Rate(share, rateField) : null);
    }

    public static ProbeInput Probe(V1.Probe? probe) => probe?.SourceCase switch
    {
        V1.Probe.SourceOneofCase.Photo => new PhotoInput(probe.Photo.Memory),
        V1.Probe.SourceOneofCase.Embedding => Embedding(probe.Embedding),
        _ => throw Invalid("probe must hold a photo or an embedding."),
    };

    public static EmbeddingInput Embedding(V1.Embedding embedding) =>
        new(embedding.Values.ToArray(), embedding.EmbeddingContract);

    public static FailureException Invalid(string message) => new(FailureReason.InvalidArgument, message);
}
