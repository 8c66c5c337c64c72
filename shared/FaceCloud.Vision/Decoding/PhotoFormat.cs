namespace FaceCloud.Vision.Decoding;

/// <summary>What the first bytes of a file say it is.</summary>
internal enum PhotoFormat
{
    /// <summary>No image that we know.</summary>
    NotAnImage,

    /// <summary>An image, of a kind that is not accepted.</summary>
    Unsupported,
    Jpeg,
    Png,
    WebP,
    Gif,
    Tiff,
}
