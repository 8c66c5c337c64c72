using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Detection;

/// <summary>How a photo lies in a scene: scaled, turned and perhaps mirrored, with one point of it on one point of the scene.</summary>
/// <param name="Scale">Pixels of the scene for one of the photo.</param>
/// <param name="Angle">Radians, clockwise as the picture is seen.</param>
/// <param name="Mirrored">Left and right changed, before turning.</param>
/// <param name="From">Point of the photo.</param>
/// <param name="To">Where it lies in the scene.</param>
public readonly record struct Placement(float Scale, float Angle, bool Mirrored, Vector2 From, Vector2 To)
{
    /// <summary>A point of the photo in the scene.</summary>
    public Vector2 Apply(Vector2 point)
    {
        var (sin, cos) = MathF.SinCos(Angle);
        var p = point - From;
        var x = Mirrored ? -p.X : p.X;
        return To + (Scale * new Vector2((cos * x) - (sin * p.Y), (sin * x) + (cos * p.Y)));
    }

    /// <summary>A point of the scene in the photo.</summary>
    public Vector2 Undo(Vector2 point)
    {
        var (sin, cos) = MathF.SinCos(Angle);
        var p = (point - To) / Scale;
        var x = (cos * p.X) + (sin * p.Y);
        return From + new Vector2(Mirrored ? -x : x, (cos * p.Y) - (sin * p.X));
    }

    /// <summary>The upright box about a turned face, taken for an ellipse: that comes nearer to how boxes are drawn than turned corners.</summary>
    public FaceBox Apply(in FaceBox box)
    {
        var (sin, cos) = MathF.SinCos(Angle);
        var centre = Apply(new Vector2(box.X + (box.Width / 2), box.Y + (box.Height / 2)));
        var width = Scale * MathF.Sqrt((box.Width * cos * box.Width * cos) + (box.Height * sin * box.Height * sin));
        var height = Scale * MathF.Sqrt((box.Width * sin * box.Width * sin) + (box.Height * cos * box.Height * cos));
        return new FaceBox(centre.X - (width / 2), centre.Y - (height / 2), width, height);
    }

    /// <summary>Left stays what is left in the picture.</summary>
    public FaceLandmarks Apply(in FaceLandmarks points) => Mirrored
        ? new(Apply(points.RightEye), Apply(points.LeftEye), Apply(points.Nose), Apply(points.RightMouth), Apply(points.LeftMouth))
        : new(Apply(points.LeftEye), Apply(points.RightEye), Apply(points.Nose), Apply(points.LeftMouth), Apply(points.RightMouth));
}
