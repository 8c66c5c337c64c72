using NetVips;

namespace FaceCloud.Trainer.Data;

/// <summary>Encoded face crops into the pixels of <see cref="PixelCache"/>.</summary>
public static class CropPixels
{
    private const int InputSide = 112;
    private const int Margin = (PixelCache.Side - InputSide) / 2;

    // The photos are the parallel part; threads inside one small picture only cost.
    static CropPixels() => NetVips.NetVips.Concurrency = 1;

    /// <summary>
    /// 120×120 as it is; anything else is taken for a crop without margin, scaled to 112 and bordered by its own edge.
    /// Null where the bytes are no picture that can be read.
    /// </summary>
    public static byte[]? Decode(byte[] photo)
    {
        try
        {
            using var raw = Image.NewFromBuffer(photo, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            using var colour = raw.Colourspace(Enums.Interpretation.Srgb);
            using var flat = colour.HasAlpha() ? colour.Flatten() : colour.Copy();
            using var sized = Fit(flat);
            using var bytes = sized.Cast(Enums.BandFormat.Uchar);
            var pixels = bytes.WriteToMemory<byte>();
            return pixels.Length == PixelCache.PhotoBytes ? pixels : null;
        }
        catch (VipsException)
        {
            return null;
        }
    }

    /// <summary>A 112×112 crop (RGB, rows first) bordered by its own edge.</summary>
    public static byte[] Border(ReadOnlyMemory<byte> crop)
    {
        using var image = Image.NewFromMemory(crop.ToArray(), InputSide, InputSide, 3, Enums.BandFormat.Uchar);
        using var bordered = Embed(image);
        return bordered.WriteToMemory<byte>();
    }

    private static Image Fit(Image image)
    {
        if (image.Width == PixelCache.Side && image.Height == PixelCache.Side)
        {
            return image.Copy();
        }

        using var scaled = image.ThumbnailImage(InputSide, height: InputSide, size: Enums.Size.Force);
        return Embed(scaled);
    }

    private static Image Embed(Image image) => image.Embed(Margin, Margin, PixelCache.Side, PixelCache.Side, extend: Enums.Extend.Copy);
}
