using System.Numerics;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>A face of the model as a layer that can be sampled anywhere: its texture brought to its own shape, enlarged and sharpened.</summary>
public sealed class FaceLayer
{
    private const int Side = PixelCache.Side;

    private readonly Vector3[] _texture = new Vector3[Side * Side];
    private readonly float[] _field;

    /// <param name="field">As <see cref="FaceRegistration"/> gives it.</param>
    /// <param name="colours">float[120 × 120 × 3] in the mean shape.</param>
    /// <param name="sharpening">0 none; what the difference to the local mean is enlarged by.</param>
    public FaceLayer(float[] field, float[] colours, float sharpening)
    {
        _field = field;
        var smoothing = new Smoothing(Side, Side);
        var channel = new float[Side * Side];
        for (var c = 0; c < 3; c++)
        {
            for (var i = 0; i < channel.Length; i++)
            {
                channel[i] = colours[(i * 3) + c];
            }

            // Twice: fine edges, and the somewhat wider ones that a mean over many faces has lost.
            var fine = (float[])channel.Clone();
            smoothing.Apply(fine, 1.1f);
            var wide = (float[])channel.Clone();
            smoothing.Apply(wide, 2.2f);
            for (var i = 0; i < channel.Length; i++)
            {
                _texture[i][c] = channel[i] + (sharpening * (channel[i] - fine[i])) + (0.4f * sharpening * (channel[i] - wide[i]));
            }
        }

        Skin = SkinOf(colours);
    }

    /// <summary>The cheeks' and the forehead's mean colour.</summary>
    public Vector3 Skin { get; }

    /// <summary>The cheeks' and the forehead's mean colour of a texture in the mean shape.</summary>
    public static Vector3 SkinOf(ReadOnlySpan<float> colours)
    {
        var (sum, count) = (Vector3.Zero, 0);
        foreach (var (left, top, right, bottom) in ((int, int, int, int)[])[(32, 74, 42, 86), (78, 74, 88, 86), (46, 32, 74, 42)])
        {
            for (var y = top; y < bottom; y++)
            {
                for (var x = left; x < right; x++)
                {
                    var at = ((y * Side) + x) * 3;
                    sum += new Vector3(colours[at], colours[at + 1], colours[at + 2]);
                    count++;
                }
            }
        }

        return sum / count;
    }

    /// <summary>The place in the mean shape that the face has brought to a place of the crop.</summary>
    public Vector2 ToMeanShape(Vector2 place)
    {
        // x + shift(x) = place, solved by repeating x = place − shift(x): shifts change slowly.
        var mean = place;
        for (var i = 0; i < 4; i++)
        {
            var (x, y) = FaceTexture.Shift(_field, mean.X, mean.Y);
            mean = place - new Vector2(x, y);
        }

        return mean;
    }

    /// <summary>The colour at a place of the mean shape, by cubic interpolation (Catmull and Rom 1974).</summary>
    public Vector3 ColourAt(Vector2 mean)
    {
        var x = Math.Clamp(mean.X, 0, Side - 1.001f);
        var y = Math.Clamp(mean.Y, 0, Side - 1.001f);
        var (left, top) = ((int)x, (int)y);
        Span<float> across = stackalloc float[4];
        Span<float> down = stackalloc float[4];
        Cubic(x - left, across);
        Cubic(y - top, down);
        var sum = Vector3.Zero;
        for (var j = 0; j < 4; j++)
        {
            var row = Math.Clamp(top - 1 + j, 0, Side - 1) * Side;
            var part = Vector3.Zero;
            for (var i = 0; i < 4; i++)
            {
                part += across[i] * _texture[row + Math.Clamp(left - 1 + i, 0, Side - 1)];
            }

            sum += down[j] * part;
        }

        return sum;
    }

    private static void Cubic(float t, Span<float> weights)
    {
        var (t2, t3) = (t * t, t * t * t);
        weights[0] = ((-t3) + (2 * t2) - t) / 2;
        weights[1] = ((3 * t3) - (5 * t2) + 2) / 2;
        weights[2] = ((-3 * t3) + (4 * t2) + t) / 2;
        weights[3] = (t3 - t2) / 2;
    }
}
