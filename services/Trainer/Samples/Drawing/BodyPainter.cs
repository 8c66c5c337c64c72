using System.Numerics;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>Neck, shoulders, clothes and ears, in the coordinates of the crop continued downwards; the body stays upright when the head rolls.</summary>
public sealed class BodyPainter(Canvas canvas, HeadFrame frame, Vector3 skin, float neckHalfWidth, int seed)
{
    private const float CentreX = FaceRegion.CentreX;
    private const float ShoulderY = 137;

    private readonly Noise _noise = new(seed);
    private readonly HeadFrame _upright = frame with { Roll = frame.Roll * 0.25f };

    public void PaintNeck() => canvas.Fill((px, py) =>
    {
        var p = _upright.ToHead(new Vector2(px, py));
        var across = (p.X - CentreX) / NeckHalf(p.Y);
        var cover = FaceRegion.SmoothStep(1.02f, 0.98f, MathF.Abs(across)) * FaceRegion.SmoothStep(84, 90, p.Y);
        if (cover <= 0)
        {
            return Vector4.Zero;
        }

        // Round like a column, with the chin's shadow on it and two faint cords.
        var shade = 0.9f - (0.3f * across * across);
        shade *= 1 - (0.34f * FaceRegion.SmoothStep(142, 116, p.Y + (8 * across * across)));
        shade *= 1 + (0.03f * MathF.Sin(6 * across)) + (0.02f * _noise.Fractal(p.X / 6, p.Y / 6, 3));
        return new Vector4(skin * shade, cover);
    });

    /// <summary>The head's own shape under the face: between face and hair must be skin, never the wall.</summary>
    public void PaintHead() => canvas.Fill((px, py) =>
    {
        var p = frame.ToHead(new Vector2(px, py));
        var (dx, dy) = ((p.X - CentreX) / 41.5f, (p.Y - 52) / (p.Y < 52 ? 54 : 58));
        var radius = MathF.Sqrt((dx * dx) + (dy * dy));
        var cover = FaceRegion.SmoothStep(1.01f, 0.98f, radius) * FaceRegion.SmoothStep(104, 84, p.Y);
        return new Vector4(skin * (0.95f - (0.22f * MathF.Pow(radius, 6))), cover);
    });

    public void PaintEars() => canvas.Fill((px, py) =>
    {
        var p = frame.ToHead(new Vector2(px, py));
        var side = p.X < CentreX ? -1 : 1;
        var (dx, dy) = ((p.X - (CentreX + (side * 42f))) * side, p.Y - 67);
        var tilt = dx - (0.12f * -dy);
        var radius = MathF.Sqrt((tilt * tilt / 27) + (dy * dy / (dy < 0 ? 130 : 150)));
        var cover = FaceRegion.SmoothStep(1.04f, 0.92f, radius);
        var hollow = 0.28f * MathF.Exp(-(Square(tilt - 0.4f) / 5) - (Square(dy + 1) / 40));
        return new Vector4(skin * (0.86f - hollow + (0.08f * radius)) * new Vector3(1.02f, 0.97f, 0.96f), cover);
    });

    public void PaintClothes(Clothing clothing) => canvas.Fill((px, py) =>
    {
        var p = _upright.ToHead(new Vector2(px, py));
        var x = MathF.Abs(p.X - CentreX);

        // The shoulder: from the neck a slope, then round down to the arm.
        var slope = Math.Max(0, x - neckHalfWidth);
        var top = ShoulderY + (0.3f * slope) - (2 * MathF.Exp(-slope / 4)) + (slope > 50 ? Square((slope - 50) / 26) * 20 : 0);
        var neckline = clothing.Neck switch
        {
            0 => 153 - (Square(x / (neckHalfWidth + 5)) * 16),
            1 => 178 - (x * 1.25f),
            2 => 172 - (x * 1.15f),
            _ => 132 - (x * 0.05f),
        };
        var collar = clothing.Neck == 3 && x < NeckHalf(p.Y) + 4;
        var edge = collar ? 130 + (2 * _noise.At(p.X / 8, 0)) : Math.Max(top, x < neckHalfWidth + 8 ? neckline : top);
        var cover = FaceRegion.SmoothStep(edge - 0.6f, edge + 0.6f, p.Y);
        if (cover <= 0)
        {
            return Vector4.Zero;
        }

        var folds = _noise.Fractal((p.X / 26) + (p.Y / 60), p.Y / 40, 3);
        var shade = 0.95f + (0.22f * folds) - (0.25f * Square(x / 120)) - (0.3f * MathF.Exp(-Square((p.Y - edge) / 3)));
        var colour = clothing.Striped && MathF.Sin((p.Y + (0.05f * x * x / 10)) * 0.55f) > 0.2f ? clothing.Second : clothing.Colour;
        if (clothing.Neck == 2 && x < 46)
        {
            // Two flaps of a collar, with a shadow under them.
            var flap = 146 + (x * 0.7f);
            colour = p.Y < flap && p.Y > neckline - 2 ? clothing.Second : colour;
            shade *= p.Y > flap && p.Y < flap + 3 ? 0.72f : 1;
        }

        shade *= 1 + (0.04f * _noise.At(p.X * 1.3f, p.Y * 1.3f));
        return new Vector4(colour * shade, cover);
    });

    private static float Square(float x) => x * x;

    private float NeckHalf(float y) => neckHalfWidth + (y > 124 ? Square((y - 124) / 8) * 1.3f : 0);
}
