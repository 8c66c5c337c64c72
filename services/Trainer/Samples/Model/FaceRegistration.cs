using System.Numerics.Tensors;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>
/// Brings one face over another: a dense field of shifts, found by Thirion's demons (1998) with smoothing of every step and of the sum.
/// One instance serves one thread.
/// </summary>
public sealed class FaceRegistration
{
    /// <summary>Pixels of a side on which faces are registered: half the crop's.</summary>
    public const int Side = 60;

    /// <summary>Numbers of a field: all shifts along x, then all along y, in pixels of this grid.</summary>
    public const int FieldLength = 2 * Area;

    private const int Area = Side * Side;

    // Keeps a step below half a pixel: |d g| / (g² + d² / 4) ≤ 1, times this gain.
    private const float Gain = 0.5f;

    private readonly float[] _weight;
    private readonly Smoothing _smoothing = new(Side, Side);
    private readonly float[] _warped = new float[Area];
    private readonly float[] _step = new float[FieldLength];

    /// <param name="weight">float[60 × 60], 0 to 1: where pixels count.</param>
    public FaceRegistration(float[] weight) => _weight = weight;

    /// <summary>
    /// Light and contrast taken out: the photo's luminance on the grid, less its local mean, over its local deviation (both Gaussian, 10 pixels).
    /// </summary>
    public void Normalise(ReadOnlySpan<byte> crop, Span<float> features)
    {
        const int side = 2 * Side;
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var sum = 0f;
                for (var corner = 0; corner < 4; corner++)
                {
                    var at = ((((2 * y) + (corner >> 1)) * side) + (2 * x) + (corner & 1)) * 3;
                    sum += (0.299f * crop[at]) + (0.587f * crop[at + 1]) + (0.114f * crop[at + 2]);
                }

                features[(y * Side) + x] = sum / 4;
            }
        }

        var local = _warped.AsSpan();
        features.CopyTo(local);
        _smoothing.Apply(local, 10);
        TensorPrimitives.Subtract(features, local, features);
        TensorPrimitives.Multiply(features, features, local);
        _smoothing.Apply(local, 10);
        for (var i = 0; i < Area; i++)
        {
            features[i] /= MathF.Sqrt(local[i]) + 4;
        }
    }

    /// <summary>Improves the field in place, so that <paramref name="moving"/> seen through it comes closer to <paramref name="target"/>.</summary>
    /// <param name="target">float[60 × 60].</param>
    /// <param name="moving">float[60 × 60].</param>
    /// <param name="field">Where a pixel of the target is found in the moving picture, as a shift.</param>
    /// <param name="iterations">Steps.</param>
    /// <param name="stepSigma">Smoothing of every step, pixels.</param>
    /// <param name="fieldSigma">Smoothing of the field after every step, pixels.</param>
    public void Improve(ReadOnlySpan<float> target, ReadOnlySpan<float> moving, Span<float> field, int iterations, float stepSigma, float fieldSigma)
    {
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            Warp(moving, field, _warped);
            Step(target, _warped);
            _smoothing.Apply(_step.AsSpan(0, Area), stepSigma);
            _smoothing.Apply(_step.AsSpan(Area), stepSigma);
            TensorPrimitives.Add(field, _step, field);
            _smoothing.Apply(field[..Area], fieldSigma);
            _smoothing.Apply(field[Area..], fieldSigma);
        }
    }

    /// <summary>A picture of one channel seen through the field; the edge goes on outside.</summary>
    public static void Warp(ReadOnlySpan<float> moving, ReadOnlySpan<float> field, Span<float> warped)
    {
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var i = (y * Side) + x;
                var fromX = Math.Clamp(x + field[i], 0, Side - 1.001f);
                var fromY = Math.Clamp(y + field[Area + i], 0, Side - 1.001f);
                var (left, top) = ((int)fromX, (int)fromY);
                var (right, down) = (fromX - left, fromY - top);
                var at = (top * Side) + left;
                var upper = moving[at] + ((moving[at + 1] - moving[at]) * right);
                var lower = moving[at + Side] + ((moving[at + Side + 1] - moving[at + Side]) * right);
                warped[i] = upper + ((lower - upper) * down);
            }
        }
    }

    private void Step(ReadOnlySpan<float> target, ReadOnlySpan<float> warped)
    {
        for (var y = 0; y < Side; y++)
        {
            var (above, below) = (Math.Max(0, y - 1) * Side, Math.Min(Side - 1, y + 1) * Side);
            for (var x = 0; x < Side; x++)
            {
                var i = (y * Side) + x;
                var (left, right) = ((y * Side) + Math.Max(0, x - 1), (y * Side) + Math.Min(Side - 1, x + 1));
                var gradientX = (warped[right] - warped[left] + target[right] - target[left]) / 4;
                var gradientY = (warped[below + x] - warped[above + x] + target[below + x] - target[above + x]) / 4;
                var difference = target[i] - warped[i];
                var force = Gain * 2 * _weight[i] * difference / ((gradientX * gradientX) + (gradientY * gradientY) + (difference * difference / 4) + 0.02f);
                _step[i] = Math.Clamp(force * gradientX, -1, 1);
                _step[Area + i] = Math.Clamp(force * gradientY, -1, 1);
            }
        }
    }
}
