using System.Numerics;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>A picture with transparency, painted once and laid over many.</summary>
public sealed class Layer
{
    private readonly int _width;
    private readonly Vector3[] _colour;
    private readonly float[] _cover;

    private Layer(int width, Vector3[] colour, float[] cover) => (_width, _colour, _cover) = (width, colour, cover);

    /// <summary>What <paramref name="paint"/> paints, which must be the same each time: on black and on white, whose difference is the transparency.</summary>
    public static Layer Of(int width, int height, Action<Canvas> paint)
    {
        const float white = 255;
        var (onBlack, onWhite) = (new Canvas(width, height), new Canvas(width, height));
        onWhite.Change((_, _, _) => new Vector3(white));
        paint(onBlack);
        paint(onWhite);
        var (colour, cover) = (new Vector3[width * height], new float[width * height]);
        for (var i = 0; i < cover.Length; i++)
        {
            var (dark, bright) = (onBlack[i % width, i / width], onWhite[i % width, i / width]);
            colour[i] = dark;
            cover[i] = Math.Clamp(1 - ((bright.Y - dark.Y) / white), 0, 1);
        }

        return new Layer(width, colour, cover);
    }

    /// <summary>Colours multiplied by a factor of their place.</summary>
    public void Light(Func<int, int, Vector3> factor)
    {
        for (var i = 0; i < _colour.Length; i++)
        {
            if (_cover[i] > 0)
            {
                _colour[i] *= factor(i % _width, i / _width);
            }
        }
    }

    public void LayOver(Canvas canvas)
    {
        var pixels = canvas.Pixels;
        for (var i = 0; i < pixels.Length; i++)
        {
            if (_cover[i] > 0)
            {
                pixels[i] = (pixels[i] * (1 - _cover[i])) + _colour[i];
            }
        }
    }
}
