namespace FaceCloud.Vision.Decoding;

/// <summary>Enough about ICC profiles to spare the usual photo a conversion from sRGB to sRGB.</summary>
internal static class ColourProfile
{
    /// <summary>
    /// Whether the profile calls itself sRGB, in ASCII (version 2) or UTF-16 (version 4). A profile that lies only
    /// changes the colours of its own photo.
    /// </summary>
    public static bool IsSrgb(ReadOnlySpan<byte> profile) =>
        profile.IndexOf("sRGB"u8) >= 0 || profile.IndexOf("s\0R\0G\0B"u8) >= 0;
}
