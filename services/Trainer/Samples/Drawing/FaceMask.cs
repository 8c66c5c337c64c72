using System.Numerics;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>Which part of the model's picture is the face itself, in the mean shape.</summary>
public static class FaceMask
{
    /// <summary>The forehead beside the cheeks' and forehead's mean colour.</summary>
    public const float Forehead = 1.0f;

    /// <summary>1 in the face, 0 outside, soft at the jaw.</summary>
    public static float Cover(Vector2 mean)
    {
        var (dx, dy) = (MathF.Abs(mean.X - FaceRegion.CentreX), mean.Y);

        // Half the width at a height: temples, cheekbones, jaw, chin.
        var half = dy switch
        {
            < 20 => 40f,
            < 70 => 40.5f,
            _ => 40.5f * MathF.Sqrt(Math.Max(0, 1 - MathF.Pow((dy - 70) / 48f, 2.6f))),
        };
        return FaceRegion.SmoothStep(half + 0.8f, half - 2.2f, dx) * FaceRegion.SmoothStep(118.5f, 115.5f, dy) * FaceRegion.SmoothStep(-6, 0, dy);
    }

    /// <summary>How much of the model's colour is replaced by plain skin: above the forehead, where the model knows only hair.</summary>
    public static float Filled(Vector2 mean) => FaceRegion.SmoothStep(24, 14, mean.Y + (0.004f * (mean.X - FaceRegion.CentreX) * (mean.X - FaceRegion.CentreX)));
}
