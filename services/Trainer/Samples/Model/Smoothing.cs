using System.Numerics.Tensors;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>Gaussian smoothing of one channel in place, the edge continued; keeps its memory, so one instance serves one thread.</summary>
public sealed class Smoothing(int width, int height)
{
    private float[] _padded = [];
    private float[] _sum = [];

    /// <param name="values">float[height × width].</param>
    /// <param name="sigma">Pixels; 0 leaves all as it is.</param>
    public void Apply(Span<float> values, float sigma)
    {
        if (sigma <= 0)
        {
            return;
        }

        var radius = (int)MathF.Ceiling(2.5f * sigma);
        Span<float> kernel = stackalloc float[(2 * radius) + 1];
        for (var i = -radius; i <= radius; i++)
        {
            kernel[i + radius] = MathF.Exp(-i * i / (2 * sigma * sigma));
        }

        TensorPrimitives.Divide(kernel, TensorPrimitives.Sum(kernel), kernel);
        AlongRows(values, kernel, radius);
        AlongColumns(values, kernel, radius);
    }

    // All rows at once: the border between two rows keeps them apart.
    private void AlongRows(Span<float> values, ReadOnlySpan<float> kernel, int radius)
    {
        var stride = width + (2 * radius);
        Reserve((stride * height) + (2 * radius));
        var (padded, sum) = (_padded, _sum);
        for (var y = 0; y < height; y++)
        {
            var row = values.Slice(y * width, width);
            padded.AsSpan(y * stride, radius).Fill(row[0]);
            row.CopyTo(padded.AsSpan((y * stride) + radius));
            padded.AsSpan((y * stride) + radius + width, radius).Fill(row[^1]);
        }

        var length = stride * height;
        sum.AsSpan(0, length).Clear();
        for (var k = 0; k < kernel.Length; k++)
        {
            TensorPrimitives.MultiplyAdd(padded.AsSpan(k, length), kernel[k], sum.AsSpan(0, length), sum.AsSpan(0, length));
        }

        for (var y = 0; y < height; y++)
        {
            sum.AsSpan(y * stride, width).CopyTo(values[(y * width)..]);
        }
    }

    private void AlongColumns(Span<float> values, ReadOnlySpan<float> kernel, int radius)
    {
        Reserve(width * (height + (2 * radius)));
        var (padded, sum) = (_padded, _sum);
        for (var y = -radius; y < height + radius; y++)
        {
            values.Slice(Math.Clamp(y, 0, height - 1) * width, width).CopyTo(padded.AsSpan((y + radius) * width));
        }

        var length = width * height;
        sum.AsSpan(0, length).Clear();
        for (var k = 0; k < kernel.Length; k++)
        {
            TensorPrimitives.MultiplyAdd(padded.AsSpan(k * width, length), kernel[k], sum.AsSpan(0, length), sum.AsSpan(0, length));
        }

        sum.AsSpan(0, length).CopyTo(values);
    }

    private void Reserve(int length)
    {
        if (_padded.Length < length)
        {
            (_padded, _sum) = (new float[length], new float[length]);
        }
    }
}
