using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>Where in an aligned 120×120 crop the face is: an egg from the hairline to the chin.</summary>
public static class FaceRegion
{
    /// <summary>The middle of the face, pixels of the crop.</summary>
    public const float CentreX = 59.9f;

    /// <summary>The height at which the egg is widest, pixels of the crop.</summary>
    public const float CentreY = 62f;

    private const float HalfWidth = 43f;
    private const float Above = 50f;
    private const float Below = 58f;

    /// <summary>1 on the egg's edge, 0 in its middle, more outside.</summary>
    public static float Radius(float x, float y)
    {
        var (dx, dy) = ((x - CentreX) / HalfWidth, (y - CentreY) / (y < CentreY ? Above : Below));
        return MathF.Pow(MathF.Pow(MathF.Abs(dx), 2.3f) + MathF.Pow(MathF.Abs(dy), 2.3f), 1 / 2.3f);
    }

    /// <summary>float[side × side]: 1 in the face, <paramref name="outside"/> around it, a soft step between.</summary>
    public static float[] Weights(int side, float outside)
    {
        var weights = new float[side * side];
        var scale = (float)PixelCache.Side / side;
        for (var i = 0; i < weights.Length; i++)
        {
            var radius = Radius((((i % side) + 0.5f) * scale) - 0.5f, (((i / side) + 0.5f) * scale) - 0.5f);
            weights[i] = outside + ((1 - outside) * SmoothStep(1.12f, 0.97f, radius));
        }

        return weights;
    }

    /// <summary>0 at <paramref name="from"/>, 1 at <paramref name="to"/>, smooth between.</summary>
    public static float SmoothStep(float from, float to, float value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
