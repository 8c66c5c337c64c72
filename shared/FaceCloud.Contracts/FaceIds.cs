using System.Globalization;
using System.Text;
using UUIDNext;

namespace FaceCloud.Contracts;

/// <summary>
/// Ids that follow from content (UUIDv5, RFC 9562): a redelivered message or a photo uploaded twice
/// makes the same id and so changes nothing.
/// </summary>
public static class FaceIds
{
    private static readonly Guid Faces = new("6f1d6a52-6c0e-5c1e-9a0f-0b6c2d6a7f01");
    private static readonly Guid Items = new("6f1d6a52-6c0e-5c1e-9a0f-0b6c2d6a7f02");

    /// <summary>Id of a face: tenant, gallery, person, SHA-256 of the photo and ordinal of the face in it.</summary>
    public static Guid Face(string tenantId, string galleryId, string personId, string photoSha256, int ordinal) =>
        Derive(Faces, tenantId, galleryId, personId, photoSha256, ordinal.ToString(CultureInfo.InvariantCulture));

    /// <summary>Id of a job item: tenant, job, person and SHA-256 of the photo.</summary>
    public static Guid Item(string tenantId, string jobId, string personId, string photoSha256) =>
        Derive(Items, tenantId, jobId, personId, photoSha256);

    // Parts are length-prefixed, so that no two lists of parts read the same.
    private static Guid Derive(Guid space, params ReadOnlySpan<string> parts)
    {
        var name = new StringBuilder();
        foreach (var part in parts)
        {
            name.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part};");
        }

        return Uuid.NewNameBased(space, name.ToString());
    }
}
