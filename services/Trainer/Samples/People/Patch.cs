using System.Numerics;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>Parts of a 120×120 picture in the mean shape.</summary>
public static class Patch
{
    /// <summary>The mean colour of a box; right and bottom are outside it.</summary>
    public static Vector3 Mean(ReadOnlySpan<float> colours, int left, int top, int right, int bottom)
    {
        var sum = Vector3.Zero;
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var at = ((y * PixelCache.Side) + x) * 3;
                sum += new Vector3(colours[at], colours[at + 1], colours[at + 2]);
            }
        }

        return sum / ((bottom - top) * (right - left));
    }
}
