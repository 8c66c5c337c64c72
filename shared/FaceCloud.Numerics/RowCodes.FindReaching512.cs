using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceCloud.Numerics;

public static partial class RowCodes
{
    // One group and up to eight queries. Sums are compared where they are added up, in registers: writing them down first and
    // comparing query by query took a seventh of the time at 128 dimensions.
    private static void FindReaching512(
        ref sbyte codes, ref int queries, int width, int pairs, ReadOnlySpan<float> scales, ReadOnlySpan<float> errors, ReadOnlySpan<float> slopes, ReadOnlySpan<float> bars, Span<uint> reaching)
    {
        var rows = new Rows512(ref MemoryMarshal.GetReference(scales), ref MemoryMarshal.GetReference(errors));
        if (width == 1)
        {
            reaching[0] = FindOne512(ref codes, ref queries, pairs, rows, slopes[0], bars[0]);
        }
        else if (slopes.Length == QueryCodes.Block)
        {
            FindBlock512(ref codes, ref queries, pairs, rows, ref MemoryMarshal.GetReference(slopes), ref MemoryMarshal.GetReference(bars), ref MemoryMarshal.GetReference(reaching));
        }
        else
        {
            // The last block is filled up with queries of zero.
            Span<float> allSlopes = stackalloc float[QueryCodes.Block];
            Span<float> allBars = stackalloc float[QueryCodes.Block];
            Span<uint> all = stackalloc uint[QueryCodes.Block];
            slopes.CopyTo(allSlopes);
            bars.CopyTo(allBars);
            FindBlock512(ref codes, ref queries, pairs, rows, ref MemoryMarshal.GetReference(allSlopes), ref MemoryMarshal.GetReference(allBars), ref MemoryMarshal.GetReference(all));
            all[..slopes.Length].CopyTo(reaching);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint FindOne512(ref sbyte codes, ref int query, int pairs, Rows512 rows, float slope, float bar)
    {
        var (a, b) = (Vector512<int>.Zero, Vector512<int>.Zero);
        for (nuint i = 0; i < (nuint)pairs; i++)
        {
            var values = Vector512.Create(Unsafe.Add(ref query, i)).AsInt16();
            a = Lanes512.MultiplyAdd(a, Lanes512.Load(ref codes, i * PairBytes), values);
            b = Lanes512.MultiplyAdd(b, Lanes512.Load(ref codes, (i * PairBytes) + 32), values);
        }

        return rows.Reaching(a, b, slope, bar);
    }

    // A vector of rows is widened once for all eight.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FindBlock512(ref sbyte codes, ref int queries, int pairs, Rows512 rows, ref float slopes, ref float bars, ref uint reaching)
    {
        var (a0, a1, a2, a3) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        var (a4, a5, a6, a7) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        var (b0, b1, b2, b3) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        var (b4, b5, b6, b7) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        for (var i = 0; i < pairs; i++)
        {
            var low = Lanes512.Load(ref codes, 0);
            var high = Lanes512.Load(ref codes, 32);
            codes = ref Unsafe.Add(ref codes, PairBytes);

            var values = Vector512.Create(queries).AsInt16();
            a0 = Lanes512.MultiplyAdd(a0, low, values);
            b0 = Lanes512.MultiplyAdd(b0, high, values);
            values = Vector512.Create(Unsafe.Add(ref queries, 1)).AsInt16();
            a1 = Lanes512.MultiplyAdd(a1, low, values);
            b1 = Lanes512.MultiplyAdd(b1, high, values);
            values = Vector512.Create(Unsafe.Add(ref queries, 2)).AsInt16();
            a2 = Lanes512.MultiplyAdd(a2, low, values);
            b2 = Lanes512.MultiplyAdd(b2, high, values);
            values = Vector512.Create(Unsafe.Add(ref queries, 3)).AsInt16();
            a3 = Lanes512.MultiplyAdd(a3, low, values);
            b3 = Lanes512.MultiplyAdd(b3, high, values);
            values = Vector512.Create(Unsafe.Add(ref queries, 4)).AsInt16();
            a4 = Lanes512.MultiplyAdd(a4, low, values);
            b4 = Lanes512.MultiplyAdd(b4, high, values);
            values = Vector512.Create(Unsafe.Add(ref queries, 5)).AsInt16();
            a5 = Lanes512.MultiplyAdd(a5, low, values);
            b5 = Lanes512.MultiplyAdd(b5, high, values);
            values = Vector512.Create(Unsafe.Add(ref queries, 6)).AsInt16();
            a6 = Lanes512.MultiplyAdd(a6, low, values);
            b6 = Lanes512.MultiplyAdd(b6, high, values);
            values = Vector512.Create(Unsafe.Add(ref queries, 7)).AsInt16();
            a7 = Lanes512.MultiplyAdd(a7, low, values);
            b7 = Lanes512.MultiplyAdd(b7, high, values);
            queries = ref Unsafe.Add(ref queries, QueryCodes.Block);
        }

        reaching = rows.Reaching(a0, b0, slopes, bars);
        Unsafe.Add(ref reaching, 1) = rows.Reaching(a1, b1, Unsafe.Add(ref slopes, 1), Unsafe.Add(ref bars, 1));
        Unsafe.Add(ref reaching, 2) = rows.Reaching(a2, b2, Unsafe.Add(ref slopes, 2), Unsafe.Add(ref bars, 2));
        Unsafe.Add(ref reaching, 3) = rows.Reaching(a3, b3, Unsafe.Add(ref slopes, 3), Unsafe.Add(ref bars, 3));
        Unsafe.Add(ref reaching, 4) = rows.Reaching(a4, b4, Unsafe.Add(ref slopes, 4), Unsafe.Add(ref bars, 4));
        Unsafe.Add(ref reaching, 5) = rows.Reaching(a5, b5, Unsafe.Add(ref slopes, 5), Unsafe.Add(ref bars, 5));
        Unsafe.Add(ref reaching, 6) = rows.Reaching(a6, b6, Unsafe.Add(ref slopes, 6), Unsafe.Add(ref bars, 6));
        Unsafe.Add(ref reaching, 7) = rows.Reaching(a7, b7, Unsafe.Add(ref slopes, 7), Unsafe.Add(ref bars, 7));
    }

    /// <summary>Scales and errors of the rows of one group.</summary>
    private readonly ref struct Rows512(ref float scales, ref float errors)
    {
        private readonly ref float _scales = ref scales;
        private readonly ref float _errors = ref errors;

        /// <summary>A bit a row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint Reaching(Vector512<int> low, Vector512<int> high, float slope, float bar) =>
            Half(low, 0, slope, bar) | (Half(high, 16, slope, bar) << 16);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private uint Half(Vector512<int> sums, nuint row, float slope, float bar)
        {
            var product = Vector512.ConvertToSingle(sums) * Vector512.LoadUnsafe(ref _scales, row);
            var most = product + (Vector512.LoadUnsafe(ref _errors, row) * slope);
            return (uint)Vector512.GreaterThanOrEqual(most, Vector512.Create(bar)).ExtractMostSignificantBits();
        }
    }
}
