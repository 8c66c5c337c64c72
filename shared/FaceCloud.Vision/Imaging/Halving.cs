using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceCloud.Vision.Imaging;

/// <summary>Half the size by 2x2 averages: the low-pass that keeps bilinear sampling free of aliases.</summary>
internal static class Halving
{
    /// <summary>
    /// out(x, y) = (in(2x, 2y) + in(2x+1, 2y) + in(2x, 2y+1) + in(2x+1, 2y+1) + 2) / 4, a channel at a time.
    /// An odd last row or column is dropped.
    /// </summary>
    /// <param name="source">Rows of RGB.</param>
    /// <param name="stride">Bytes from one source row to the next.</param>
    /// <param name="width">Source pixels used of a row, at least 2.</param>
    /// <param name="height">Source rows used, at least 2.</param>
    /// <param name="destination">byte[(height / 2) * (width / 2) * 3].</param>
    public static void Halve(ReadOnlySpan<byte> source, int stride, int width, int height, Span<byte> destination)
    {
        var halfWidth = width / 2;
        var halfHeight = height / 2;
        for (var y = 0; y < halfHeight; y++)
        {
            var upper = source.Slice(2 * y * stride, halfWidth * 6);
            var lower = source.Slice(((2 * y) + 1) * stride, halfWidth * 6);
            HalveRow(upper, lower, destination.Slice(y * halfWidth * 3, halfWidth * 3));
        }
    }

    private static void HalveRow(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> destination)
    {
        // References instead of indexes: this loop sees every pixel of a large photo, and the
        // lengths were checked by the slices above.
        ref var a = ref MemoryMarshal.GetReference(upper);
        ref var b = ref MemoryMarshal.GetReference(lower);
        ref var to = ref MemoryMarshal.GetReference(destination);
        nint from = 0;
        for (nint i = 0; i < destination.Length; i += 3, from += 6)
        {
            Add(ref to, i, ref a, ref b, from);
            Add(ref to, i + 1, ref a, ref b, from + 1);
            Add(ref to, i + 2, ref a, ref b, from + 2);
        }
    }

    private static void Add(ref byte to, nint index, ref byte a, ref byte b, nint from) =>
        Unsafe.Add(ref to, index) = (byte)(
            (Unsafe.Add(ref a, from)
            + Unsafe.Add(ref a, from + 3)
            + Unsafe.Add(ref b, from)
            + Unsafe.Add(ref b, from + 3) + 2) >> 2);
}
