using System.Numerics;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>Colours are sRGB values 0 to 255 as vectors, mixed as they are.</summary>
public static class Colour
{
    /// <summary>Rec. 601 luma.</summary>
    public static float Luma(Vector3 colour) => Vector3.Dot(colour, new Vector3(0.299f, 0.587f, 0.114f));

    /// <summary>Hue in degrees, saturation and value 0 to 1.</summary>
    public static Vector3 FromHsv(float hue, float saturation, float value)
    {
        return 255 * new Vector3(Channel(5), Channel(3), Channel(1));

        float Channel(float n)
        {
            var k = (n + (hue / 60)) % 6;
            return value - (value * saturation * Math.Clamp(Math.Min(k, 4 - k), 0, 1));
        }
    }
}
