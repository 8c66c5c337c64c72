using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Detection;

/// <summary>
/// Picture to detector input: 2x2 averages while the reduction is 2 or more, then bilinear with pixel centres at +0.5,
/// float32[3, height, width] in the order blue, green, red, 0..255.
/// </summary>
internal static class DetectorInput
{
    /// <param name="image">Any size.</param>
    /// <param name="geometry">Of <see cref="DetectorGeometry.For"/> for this image.</param>
    /// <param name="input">float[3 * geometry.Plane]; all of it is written, the padding with zeros.</param>
    public static void Fill(in RgbImage image, in DetectorGeometry geometry, Span<float> input)
    {
        var (current, rented) = (image, default(PooledImage));
        try
        {
            while (current.Width >= 2 * geometry.Width && current.Height >= 2 * geometry.Height)
            {
                var half = new PooledImage(current.Width / 2, current.Height / 2);
                Halving.Halve(current.Pixels.Span, current.Width * RgbImage.Channels, current.Width, current.Height, half.Pixels);
                rented?.Dispose();
                (current, rented) = (half.Image, half);
            }

            if (current.Width == geometry.Width && current.Height == geometry.Height)
            {
                Pack(current, geometry, input);
            }
            else
            {
                Resample(current, geometry, input);
            }

            ClearPadding(geometry, input);
        }
        finally
        {
            rented?.Dispose();
        }
    }

    private static void Pack(in RgbImage image, in DetectorGeometry geometry, Span<float> input)
    {
        var pixels = image.Pixels.Span;
        for (var y = 0; y < geometry.Height; y++)
        {
            var row = pixels.Slice(y * geometry.Width * 3, geometry.Width * 3);
            var start = y * geometry.PaddedWidth;
            var blue = input.Slice(start, geometry.Width);
            var green = input.Slice(geometry.Plane + start, geometry.Width);
            var red = input.Slice((2 * geometry.Plane) + start, geometry.Width);
            ref var from = ref MemoryMarshal.GetReference(row);
            for (var x = 0; x < blue.Length; x++)
            {
                red[x] = from;
                green[x] = Unsafe.Add(ref from, 1);
                blue[x] = Unsafe.Add(ref from, 2);
                from = ref Unsafe.Add(ref from, 3);
            }
        }
    }

    private static void Resample(in RgbImage image, in DetectorGeometry geometry, Span<float> input)
    {
        var columns = Taps(image.Width, geometry.Width);
        var rows = Taps(image.Height, geometry.Height);
        var stride = image.Width * 3;
        var pixels = image.Pixels.Span;

        // Rows first, which is wide and plain; then each pixel's three channels together. The extra float lets the
        // last pixel be read as a vector of four.
        var blended = System.Buffers.ArrayPool<float>.Shared.Rent(stride + 1);
        try
        {
            for (var y = 0; y < geometry.Height; y++)
            {
                var tap = rows[y];
                Blend(pixels.Slice(tap.First * stride, stride), pixels.Slice(tap.Second * stride, stride), tap.Weight, blended.AsSpan(0, stride));

                var start = y * geometry.PaddedWidth;
                SampleRow(
                    blended.AsSpan(0, stride + 1),
                    columns,
                    input.Slice((2 * geometry.Plane) + start, geometry.Width),
                    input.Slice(geometry.Plane + start, geometry.Width),
                    input.Slice(start, geometry.Width));
            }
        }
        finally
        {
            System.Buffers.ArrayPool<float>.Shared.Return(blended);
        }
    }

    private static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, float weight, Span<float> blended)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var part = Vector128.Create(weight);
            for (; i <= blended.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var (aLow, aHigh) = Vector128.Widen(Vector128.Create(upper[i..]));
                var (bLow, bHigh) = Vector128.Widen(Vector128.Create(lower[i..]));
                BlendEight(aLow, bLow, part, blended[i..]);
                BlendEight(aHigh, bHigh, part, blended[(i + 8)..]);
            }
        }

        for (; i < blended.Length; i++)
        {
            blended[i] = upper[i] + ((lower[i] - upper[i]) * weight);
        }
    }

    private static void BlendEight(Vector128<ushort> a, Vector128<ushort> b, Vector128<float> weight, Span<float> blended)
    {
        var (aLow, aHigh) = Vector128.Widen(a.AsInt16());
        var (bLow, bHigh) = Vector128.Widen(b.AsInt16());
        var low = Vector128.ConvertToSingle(aLow);
        var high = Vector128.ConvertToSingle(aHigh);
        (low + ((Vector128.ConvertToSingle(bLow) - low) * weight)).CopyTo(blended);
        (high + ((Vector128.ConvertToSingle(bHigh) - high) * weight)).CopyTo(blended[4..]);
    }

    private static void SampleRow(ReadOnlySpan<float> row, ReadOnlySpan<Tap> taps, Span<float> red, Span<float> green, Span<float> blue)
    {
        ref var from = ref MemoryMarshal.GetReference(row);
        for (var x = 0; x < red.Length; x++)
        {
            var tap = taps[x];
            var left = Vector128.LoadUnsafe(ref from, (nuint)(tap.First * 3));
            var right = Vector128.LoadUnsafe(ref from, (nuint)(tap.Second * 3));
            var pixel = left + ((right - left) * tap.Weight);
            red[x] = pixel.GetElement(0);
            green[x] = pixel.GetElement(1);
            blue[x] = pixel.GetElement(2);
        }
    }

    /// <summary>Where each output column (or row) reads: its centre lies at (i + 0.5) * from / to - 0.5; the edge is repeated.</summary>
    private static Tap[] Taps(int from, int to)
    {
        var taps = new Tap[to];
        var step = (double)from / to;
        for (var i = 0; i < to; i++)
        {
            var at = Math.Clamp(((i + 0.5) * step) - 0.5, 0, from - 1);
            var first = (int)at;
            taps[i] = new Tap(first, Math.Min(first + 1, from - 1), (float)(at - first));
        }

        return taps;
    }

    private static void ClearPadding(in DetectorGeometry geometry, Span<float> input)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = input.Slice(channel * geometry.Plane, geometry.Plane);
            plane[(geometry.Height * geometry.PaddedWidth)..].Clear();
            if (geometry.PaddedWidth > geometry.Width)
            {
                for (var y = 0; y < geometry.Height; y++)
                {
                    plane.Slice((y * geometry.PaddedWidth) + geometry.Width, geometry.PaddedWidth - geometry.Width).Clear();
                }
            }
        }
    }

    private readonly record struct Tap(int First, int Second, float Weight);
}
