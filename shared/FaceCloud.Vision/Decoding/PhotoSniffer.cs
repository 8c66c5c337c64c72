namespace FaceCloud.Vision.Decoding;

/// <summary>Tells a format from content; names and declared types are never asked.</summary>
internal static class PhotoSniffer
{
    public static PhotoFormat Sniff(ReadOnlySpan<byte> photo)
    {
        if (photo.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return PhotoFormat.Jpeg;
        }

        if (photo.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return PhotoFormat.Png;
        }

        if (photo.StartsWith("GIF87a"u8) || photo.StartsWith("GIF89a"u8))
        {
            return PhotoFormat.Gif;
        }

        if (photo.Length >= 12 && photo.StartsWith("RIFF"u8) && photo[8..].StartsWith("WEBP"u8))
        {
            return PhotoFormat.WebP;
        }

        // 42 is TIFF, 43 BigTIFF, in either byte order.
        if (photo.StartsWith("II*\0"u8) || photo.StartsWith("MM\0*"u8) || photo.StartsWith("II+\0"u8) || photo.StartsWith("MM\0+"u8))
        {
            return PhotoFormat.Tiff;
        }

        return IsKnownButRefused(photo) ? PhotoFormat.Unsupported : PhotoFormat.NotAnImage;
    }

    // Only to give the sender a better sentence than "not an image"; none of these is ever opened.
    private static bool IsKnownButRefused(ReadOnlySpan<byte> photo) =>
        (photo.Length >= 26 && photo.StartsWith("BM"u8) && photo[14..].StartsWith((ReadOnlySpan<byte>)[40, 0, 0, 0]))
        || IsIsoImage(photo)
        || photo.StartsWith("8BPS"u8)
        || photo.StartsWith("%PDF-"u8)
        || photo.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A])
        || photo.StartsWith("\0\0\0\u000CJXL \r\n"u8)
        || photo.StartsWith("\0\0\0\u000CjP  \r\n"u8)
        || photo.StartsWith("#?RADIANCE"u8)
        || photo.StartsWith("v/1\u0001"u8)
        || IsSvg(photo);

    // HEIC, HEIF and AVIF: the brand stands behind "ftyp".
    private static bool IsIsoImage(ReadOnlySpan<byte> photo)
    {
        if (photo.Length < 12 || !photo[4..].StartsWith("ftyp"u8))
        {
            return false;
        }

        var brand = photo.Slice(8, 4);
        return brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.StartsWith("avi"u8)
            || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
    }

    private static bool IsSvg(ReadOnlySpan<byte> photo)
    {
        var head = photo[..Math.Min(photo.Length, 1024)].TrimStart("\u00EF\u00BB\u00BF \t\r\n"u8);
        return head.StartsWith("<svg"u8) || (head.StartsWith("<?xml"u8) && head.IndexOf("<svg"u8) >= 0);
    }
}
