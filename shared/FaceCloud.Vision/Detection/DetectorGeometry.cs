namespace FaceCloud.Vision.Detection;

/// <summary>
/// How a picture lies in the detector's input: reduced so that its longest side is the detector size (never enlarged),
/// top left, black to the right and below up to multiples of 32, the coarsest stride, or to the size that a detector is fixed to.
/// </summary>
internal readonly record struct DetectorGeometry(int Width, int Height, int PaddedWidth, int PaddedHeight)
{
    private const int Multiple = 32;

    public int Plane => PaddedWidth * PaddedHeight;

    public static DetectorGeometry For(int width, int height, int detectorSize)
    {
        var longest = Math.Max(width, height);
        if (longest <= detectorSize)
        {
            return Padded(width, height);
        }

        var scale = (double)detectorSize / longest;
        return Padded(
            Math.Max(1, (int)Math.Round(width * scale, MidpointRounding.AwayFromZero)),
            Math.Max(1, (int)Math.Round(height * scale, MidpointRounding.AwayFromZero)));
    }

    /// <summary>For a detector that takes one size only.</summary>
    public static DetectorGeometry Fixed(int width, int height, int paddedWidth, int paddedHeight)
    {
        var scale = Math.Min(1, Math.Min((double)paddedWidth / width, (double)paddedHeight / height));
        return new DetectorGeometry(
            Math.Max(1, (int)Math.Round(width * scale, MidpointRounding.AwayFromZero)),
            Math.Max(1, (int)Math.Round(height * scale, MidpointRounding.AwayFromZero)),
            paddedWidth,
            paddedHeight);
    }

    private static DetectorGeometry Padded(int width, int height) => new(width, height, RoundUp(width), RoundUp(height));

    private static int RoundUp(int value) => (value + Multiple - 1) / Multiple * Multiple;
}
