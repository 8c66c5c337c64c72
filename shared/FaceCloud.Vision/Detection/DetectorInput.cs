using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Detection;

/// <summary>
/// Picture to detector input: 2x2 averages while the reduction is 2 or more, then bilinear with pixel centres at +0.5,
/// float32[3, height, width] in the order blue, green, red, 0..255. Weights are 256ths and results whole bytes: that is
/// what the golden values were made with (weights in full precision move landmarks by up to 0.07 pixels and
/// components of embeddings by 0.004), and it is integer arithmetic.
/// </summary>
internal static class DetectorInput
{
    private const int One = 256;

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

        // Rows first, which is wide and plain; then each pixel's three channels together. The extra element lets the
        // last pixel be read as a vector of four.
        var blended = ArrayPool<ushort>.Shared.Rent(stride + 1);
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
            ArrayPool<ushort>.Shared.Return(blended);
        }
    }

    /// <summary>upper * (256 - weight) + lower * weight: at most 255 * 256, so 16 bits hold it.</summary>
    private static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int weight, Span<ushort> blended)
    {
        var i = 0;
        var (above, below) = ((ushort)(One - weight), (ushort)weight);
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= blended.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var (aLow, aHigh) = Vector128.Widen(Vector128.Create(upper[i..]));
                var (bLow, bHigh) = Vector128.Widen(Vector128.Create(lower[i..]));
                ((aLow * above) + (bLow * below)).CopyTo(blended[i..]);
                ((aHigh * above) + (bHigh * below)).CopyTo(blended[(i + 8)..]);
            }
        }

        for (; i < blended.Length; i++)
        {
            blended[i] = (ushort)((upper[i] * above) + (lower[i] * below));
        }
    }

    /// <summary>(left * (256 - weight) + right * weight) / 65536, rounded to a whole byte.</summary>
    private static void SampleRow(ReadOnlySpan<ushort> row, ReadOnlySpan<Tap> taps, Span<float> red, Span<float> green, Span<float> blue)
    {
        ref var from = ref MemoryMarshal.GetReference(row);
        for (var x = 0; x < red.Length; x++)
        {
            var tap = taps[x];
            var left = ReadPixel(ref from, tap.First);
            var right = ReadPixel(ref from, tap.Second);
            var sum = (left * (One - tap.Weight)) + (right * tap.Weight) + Vector128.Create(One * One / 2);
            var pixel = Vector128.ConvertToSingle(sum >>> 16);
            red[x] = pixel.GetElement(0);
            green[x] = pixel.GetElement(1);
            blue[x] = pixel.GetElement(2);
        }
    }

    private static Vector128<int> ReadPixel(ref ushort row, int pixel) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(
            ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref row, pixel * 3)))).AsUInt16()).AsInt32();

    /// <summary>
    /// Where each output column (or row) reads: its centre lies at (i + 0.5) * from / to - 0.5; the edge is repeated.
    /// Weights are 256ths, rounded to the nearest.
    /// </summary>
    private static Tap[] Taps(int from, int to)
    {
        var taps = new Tap[to];
        var step = (double)from / to;
        for (var i = 0; i < to; i++)
        {
            var at = Math.Clamp(((i + 0.5) * step) - 0.5, 0, from - 1);
            var first = (int)at;
            taps[i] = new Tap(first, Math.Min(first + 1, from - 1), (int)(((at - first) * One) + 0.5));
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

    private readonly record struct Tap(int First, int Second, int Weight);
}
