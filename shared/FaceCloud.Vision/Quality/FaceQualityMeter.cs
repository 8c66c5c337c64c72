using FaceCloud.Contracts;
using FaceCloud.Vision.Detection;

namespace FaceCloud.Vision.Quality;

/// <summary>Measures a face and judges it against a gate.</summary>
internal static class FaceQualityMeter
{
    /// <param name="face">In pixels of the photo.</param>
    /// <param name="crop">Its aligned crop.</param>
    /// <param name="turn">Degrees that the face is turned clockwise beyond what its landmarks say.</param>
    /// <param name="width">Of the photo.</param>
    /// <param name="height">Of the photo.</param>
    /// <param name="gate">What reasons are named against.</param>
    public static FaceQuality Measure(in DetectedFace face, ReadOnlySpan<byte> crop, int turn, int width, int height, QualityGate gate)
    {
        var pixels = CropMeasures.Measure(crop);
        var pose = HeadPose.Estimate(face.Landmarks).Turn(turn);
        var parts = new QualityParts(face, pixels, pose, Visible(face.Box, width, height));
        return new FaceQuality
        {
            Score = parts.Score,
            Sharpness = pixels.Sharpness,
            Brightness = pixels.Brightness,
            Yaw = pose.Yaw,
            Pitch = pose.Pitch,
            Roll = pose.Roll,
            Reasons = parts.ReasonsAgainst(gate),
        };
    }

    /// <summary>Share of the box that lies inside the photo.</summary>
    internal static float Visible(in FaceBox box, int width, int height)
    {
        var inX = Math.Min(box.X + box.Width, width) - Math.Max(box.X, 0);
        var inY = Math.Min(box.Y + box.Height, height) - Math.Max(box.Y, 0);
        return inX <= 0 || inY <= 0 ? 0 : inX * inY / (box.Width * box.Height);
    }
}
