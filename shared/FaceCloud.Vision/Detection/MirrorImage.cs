using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Detection;

/// <summary>The detector's input with left and right changed, and the faces seen there brought back.</summary>
internal static class MirrorImage
{
    /// <summary>Mirrors the picture in the input; the black to its right and below stays there.</summary>
    public static void Turn(Span<float> input, in DetectorGeometry geometry)
    {
        for (var plane = 0; plane < RgbImage.Channels; plane++)
        {
            for (var y = 0; y < geometry.Height; y++)
            {
                input.Slice((plane * geometry.Plane) + (y * geometry.PaddedWidth), geometry.Width).Reverse();
            }
        }
    }

    /// <summary>Faces of the mirror image as they lie in the picture; what was left is right, of eyes and mouth too. Whole numbers are pixel centres.</summary>
    public static void TurnBack(List<DetectedFace> faces, in DetectorGeometry geometry)
    {
        var last = geometry.Width - 1;
        for (var i = 0; i < faces.Count; i++)
        {
            var (box, points) = (faces[i].Box, faces[i].Landmarks);
            faces[i] = faces[i] with
            {
                Box = new FaceBox(last - box.X - box.Width, box.Y, box.Width, box.Height),
                Landmarks = new FaceLandmarks(Back(points.RightEye), Back(points.LeftEye), Back(points.Nose), Back(points.RightMouth), Back(points.LeftMouth)),
            };
        }

        Vector2 Back(Vector2 point) => point with { X = last - point.X };
    }
}
