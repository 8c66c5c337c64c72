using System.Numerics;

namespace FaceCloud.Vision;

/// <summary>Five points in pixels of the upright photo; left and right as seen in the picture.</summary>
public readonly record struct FaceLandmarks(Vector2 LeftEye, Vector2 RightEye, Vector2 Nose, Vector2 LeftMouth, Vector2 RightMouth)
{
    public const int Count = 5;

    internal FaceLandmarks Scale(float x, float y)
    {
        var scale = new Vector2(x, y);
        return new(LeftEye * scale, RightEye * scale, Nose * scale, LeftMouth * scale, RightMouth * scale);
    }

    internal void CopyTo(Span<Vector2> points)
    {
        points[0] = LeftEye;
        points[1] = RightEye;
        points[2] = Nose;
        points[3] = LeftMouth;
        points[4] = RightMouth;
    }
}
