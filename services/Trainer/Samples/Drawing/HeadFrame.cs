using System.Numerics;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>Where the head is in the picture: the crop's coordinates, enlarged, turned and shifted.</summary>
/// <param name="Centre">Where the middle of the crop lies, pixels of the picture.</param>
/// <param name="Scale">Pixels of the picture for one of the crop.</param>
/// <param name="Roll">Turn in radians, clockwise.</param>
public readonly record struct HeadFrame(Vector2 Centre, float Scale, float Roll)
{
    private static readonly Vector2 Middle = new(59.9f, 76);

    public Vector2 ToPicture(Vector2 head) => Centre + (Scale * Turn(head - Middle, Roll));

    public Vector2 ToHead(Vector2 picture) => Middle + (Turn(picture - Centre, -Roll) / Scale);

    private static Vector2 Turn(Vector2 v, float angle)
    {
        var (sin, cos) = MathF.SinCos(angle);
        return new Vector2((cos * v.X) - (sin * v.Y), (sin * v.X) + (cos * v.Y));
    }
}
