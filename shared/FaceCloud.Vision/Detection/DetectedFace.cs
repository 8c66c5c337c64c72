using FaceCloud.Contracts;

namespace FaceCloud.Vision.Detection;

/// <summary>A face as the detector sees it.</summary>
/// <param name="Box">May reach over the edge.</param>
/// <param name="Landmarks">Five points, in the same pixels as the box.</param>
/// <param name="Score">The detector's own, 0..1.</param>
internal readonly record struct DetectedFace(FaceBox Box, FaceLandmarks Landmarks, float Score)
{
    public DetectedFace Scale(float x, float y) => new(
        new FaceBox(Box.X * x, Box.Y * y, Box.Width * x, Box.Height * y),
        Landmarks.Scale(x, y),
        Score);
}
