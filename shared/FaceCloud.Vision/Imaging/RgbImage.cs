namespace FaceCloud.Vision.Imaging;

/// <summary>8-bit sRGB, three bytes a pixel, row by row without padding.</summary>
/// <param name="Width">Pixels, at least 1.</param>
/// <param name="Height">Pixels, at least 1.</param>
/// <param name="Pixels">byte[height * width * 3].</param>
internal readonly record struct RgbImage(int Width, int Height, ReadOnlyMemory<byte> Pixels)
{
    public const int Channels = 3;
}
