using FaceCloud.Contracts;
using FaceCloud.Vision;
using NetVips;

namespace FaceCloud.Accuracy.Cropping;

/// <summary>The largest face of a photo as 112×112 RGB, in each <see cref="CropWay"/>.</summary>
internal static class PhotoCrops
{
    // Chosen so that eyes and mouth come to lie about where the template has them.
    private const float BoxMargin = 1.05f;

    public static ReadOnlyMemory<byte> Of(CropWay way, byte[] photo, AnalyzedFace face)
    {
        if (way == CropWay.Aligned)
        {
            return face.Crop;
        }

        using var decoded = Image.NewFromBuffer(photo).Autorot().Colourspace(Enums.Interpretation.Srgb);
        using var colour = decoded.HasAlpha() ? decoded.Flatten() : decoded.Copy();
        var side = way == CropWay.WholePhoto
            ? Math.Min(colour.Width, colour.Height)
            : (int)MathF.Round(Math.Max(face.Box.Width, face.Box.Height) * BoxMargin);
        var (centreX, centreY) = way == CropWay.WholePhoto
            ? (colour.Width / 2f, colour.Height / 2f)
            : (face.Box.X + (face.Box.Width / 2), face.Box.Y + (face.Box.Height / 2));
        var (left, top) = ((int)MathF.Round(centreX - (side / 2f)), (int)MathF.Round(centreY - (side / 2f)));

        // Black outside the photo, as the aligned crop has it.
        using var square = colour.Embed(side, side, colour.Width + (2 * side), colour.Height + (2 * side)).Crop(left + side, top + side, side, side);
        using var small = square.ThumbnailImage(AlignedCrop.Size, height: AlignedCrop.Size, size: Enums.Size.Force);
        return small.WriteToMemory<byte>();
    }
}
