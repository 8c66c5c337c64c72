using System.Numerics;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>Which part of the model's picture is the face itself, in the mean shape, and where its colours are taken from.</summary>
public static class FaceMask
{
    private const float CheekY = 68;
    private const float ChinY = 118;
    private const float ForeheadY = 25;

    // Towards the edge the model's picture is a mean of skin, hair and wall. Colours of this band are those from its inner side, stretched.
    private const float Band = 7;
    private const float Stretch = 0.3f;

    /// <summary>1 in the face, 0 outside, soft at the edge.</summary>
    public static float Cover(Vector2 mean)
    {
        var half = HalfWidth(mean.Y);
        return FaceRegion.SmoothStep(half + 0.6f, half - 1.6f, MathF.Abs(mean.X - FaceRegion.CentreX)) * FaceRegion.SmoothStep(ChinY + 0.3f, ChinY - 1.5f, mean.Y);
    }

    /// <summary>Where the colour of a place is taken from.</summary>
    public static Vector2 Source(Vector2 mean)
    {
        var half = HalfWidth(Math.Max(mean.Y, ForeheadY));
        var dx = mean.X - FaceRegion.CentreX;
        var inner = half - Band;
        var x = MathF.Abs(dx) > inner ? FaceRegion.CentreX + (MathF.Sign(dx) * (inner + ((MathF.Abs(dx) - inner) * Stretch))) : mean.X;
        var hairline = ForeheadY + (0.006f * dx * dx);
        var y = mean.Y < hairline ? hairline - ((hairline - mean.Y) * 0.1f) : Math.Min(mean.Y, ChinY - 3 + ((mean.Y - ChinY + 3) * Stretch));
        return new Vector2(x, y);
    }

    // Half the face's width at a height: the skull's ellipse above, straight at the temples, narrowing over jaw and chin.
    private static float HalfWidth(float y) => y switch
    {
        < 30 => 40f * MathF.Sqrt(Math.Max(0, 1 - MathF.Pow((30 - y) / 37f, 2.2f))),
        < CheekY => 40f,
        _ => 40f * MathF.Pow(Math.Max(0, 1 - MathF.Pow((y - CheekY) / (ChinY - CheekY + 1), 2.5f)), 0.5f),
    };
}
