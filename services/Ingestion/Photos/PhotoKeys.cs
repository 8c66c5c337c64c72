using System.Globalization;

namespace FaceCloud.Ingestion.Photos;

/// <summary>Keys of photos: they follow from the item, so a photo that is sent twice lies in one place.</summary>
public static class PhotoKeys
{
    public static string Of(Guid itemId) => itemId.ToString("N", CultureInfo.InvariantCulture);

    /// <summary>The item of a key; null: not a key of ours.</summary>
    public static Guid? ItemOf(string key) => Guid.TryParseExact(key, "N", out var itemId) ? itemId : null;
}
