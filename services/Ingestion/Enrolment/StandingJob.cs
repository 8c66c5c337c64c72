using System.Security.Cryptography;
using System.Text;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>The job of photos that come by the queue and name none: one a gallery, opened by the first of them, never closed by itself.</summary>
public static class StandingJob
{
    private const string Prefix = "queue-";
    private const int MaxIdLength = 64;
    private const int HashLength = 16;

    /// <summary><c>queue-</c> and the gallery's id; of an id too long for that its beginning and a hash.</summary>
    public static string IdOf(string galleryId)
    {
        var id = Prefix + galleryId;
        if (id.Length <= MaxIdLength)
        {
            return id;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(galleryId)))[..HashLength];
        return $"{id[..(MaxIdLength - HashLength - 1)]}-{hash}";
    }
}
