using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Decoding;

/// <summary>An upright photo in working pixels, and how large it really is.</summary>
internal sealed class DecodedPhoto(int width, int height, RgbImage image, IDisposable pixels) : IDisposable
{
    /// <summary>Of the whole upright photo, pixels.</summary>
    public int Width => width;

    /// <summary>Of the whole upright photo, pixels.</summary>
    public int Height => height;

    /// <summary>What was decoded: the photo itself, or 1/2, 1/4 or 1/8 of it. Not to be used after dispose.</summary>
    public RgbImage Image => image;

    /// <summary>Photo pixels a working pixel.</summary>
    public float ScaleX => (float)width / image.Width;

    /// <inheritdoc cref="ScaleX"/>
    public float ScaleY => (float)height / image.Height;

    public void Dispose() => pixels.Dispose();
}
