using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceCloud.Numerics;

public static partial class RowCodes
{
    /// <summary>
    /// For each group and query the rows with scale * sum(c_i * d_i) + error * slope >= bar, as one bit a row. With the bar of
    /// <see cref="QueryCodes.Bar"/> no row is missed whose product with the query reaches the floor; a few more may be found.
    /// </summary>
    /// <param name="groups">Codes of one or more whole groups.</param>
    /// <param name="scales">One a row.</param>
    /// <param name="errors">One a row.</param>
    /// <param name="queries">Of the rows' dimension.</param>
    /// <param name="bars">One a query. May be raised by others meanwhile.</param>
    /// <param name="reaching">uint[group, query]; bit r is row r of the group.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit each other.</exception>
    public static void FindReaching(
        ReadOnlySpan<sbyte> groups, ReadOnlySpan<float> scales, ReadOnlySpan<float> errors, QueryCodes queries, ReadOnlySpan<float> bars, Span<uint> reaching)
    {
        var pairs = Pairs(queries.Dimension);
        var bytes = pairs * PairBytes;
        var count = scales.Length / GroupRows;
        if (scales.Length != count * GroupRows || errors.Length != scales.Length || groups.Length != count * bytes
            || bars.Length != queries.Count || reaching.Length != count * queries.Count)
        {
            throw new ArgumentException($"{groups.Length} codes, {scales.Length} scales, {errors.Length} errors, {bars.Length} bars and {reaching.Length} results do not fit {queries.Count} queries of {queries.Dimension} dimensions.");
        }

        // The loops below are compiled in full at once: the first search after a start is a search like any other.
        Span<int> sums = stackalloc int[QueryCodes.Block * GroupRows];
        for (var group = 0; group < count; group++)
        {
            ref var codes = ref MemoryMarshal.GetReference(groups[(group * bytes)..]);
            var groupScales = scales.Slice(group * GroupRows, GroupRows);
            var groupErrors = errors.Slice(group * GroupRows, GroupRows);
            for (var first = 0; first < queries.Count; first += queries.Width)
            {
                ref var block = ref queries.Values[first * pairs];
                var filled = Math.Min(queries.Width, queries.Count - first);
                var slopes = queries.Slopes.AsSpan(first, filled);
                var found = reaching.Slice((group * queries.Count) + first, filled);
                if (Lanes512.IsSupported)
                {
                    FindReaching512(ref codes, ref block, queries.Width, pairs, groupScales, groupErrors, slopes, bars.Slice(first, filled), found);
                    continue;
                }

                if (queries.Width == 1)
                {
                    AddUp(ref codes, ref block, pairs, ref MemoryMarshal.GetReference(sums));
                }
                else
                {
                    AddUpBlock(ref codes, ref block, pairs, ref MemoryMarshal.GetReference(sums));
                }

                for (var i = 0; i < filled; i++)
                {
                    found[i] = Compare(sums.Slice(i * GroupRows, GroupRows), groupScales, groupErrors, slopes[i], bars[first + i]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Compare(ReadOnlySpan<int> sums, ReadOnlySpan<float> scales, ReadOnlySpan<float> errors, float slope, float bar)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var scale = ref MemoryMarshal.GetReference(scales);
        ref var error = ref MemoryMarshal.GetReference(errors);
        var reaching = 0u;
        if (Vector256.IsHardwareAccelerated)
        {
            for (var row = 0; row < GroupRows; row += Vector256<float>.Count)
            {
                var product = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref sum, (nuint)row)) * Vector256.LoadUnsafe(ref scale, (nuint)row);
                var most = product + (Vector256.LoadUnsafe(ref error, (nuint)row) * slope);
                reaching |= Vector256.GreaterThanOrEqual(most, Vector256.Create(bar)).ExtractMostSignificantBits() << row;
            }
        }
        else
        {
            for (var row = 0; row < GroupRows; row += Vector128<float>.Count)
            {
                var product = Vector128.ConvertToSingle(Vector128.LoadUnsafe(ref sum, (nuint)row)) * Vector128.LoadUnsafe(ref scale, (nuint)row);
                var most = product + (Vector128.LoadUnsafe(ref error, (nuint)row) * slope);
                reaching |= Vector128.GreaterThanOrEqual(most, Vector128.Create(bar)).ExtractMostSignificantBits() << row;
            }
        }

        return reaching;
    }

    // sums[row] = sum(c_i * d_i) for the rows of one group and one query.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddUp(ref sbyte codes, ref int query, int pairs, ref int sums)
    {
        if (Lanes256.IsSupported)
        {
            var (a, b, c, d) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
            for (nuint i = 0; i < (nuint)pairs; i++)
            {
                var values = Vector256.Create(Unsafe.Add(ref query, i)).AsInt16();
                a = Lanes256.MultiplyAdd(a, Lanes256.Load(ref codes, i * PairBytes), values);
                b = Lanes256.MultiplyAdd(b, Lanes256.Load(ref codes, (i * PairBytes) + 16), values);
                c = Lanes256.MultiplyAdd(c, Lanes256.Load(ref codes, (i * PairBytes) + 32), values);
                d = Lanes256.MultiplyAdd(d, Lanes256.Load(ref codes, (i * PairBytes) + 48), values);
            }

            a.StoreUnsafe(ref sums);
            b.StoreUnsafe(ref sums, 8);
            c.StoreUnsafe(ref sums, 16);
            d.StoreUnsafe(ref sums, 24);
        }
        else if (Lanes128.IsSupported)
        {
            for (nuint row = 0; row < GroupRows; row += 16)
            {
                var (a, b, c, d) = (Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero);
                for (nuint i = 0; i < (nuint)pairs; i++)
                {
                    var values = Vector128.Create(Unsafe.Add(ref query, i)).AsInt16();
                    var (low, high) = Lanes128.Load(ref codes, (i * PairBytes) + (2 * row));
                    a = Lanes128.MultiplyAdd(a, low, values);
                    b = Lanes128.MultiplyAdd(b, high, values);
                    (low, high) = Lanes128.Load(ref codes, (i * PairBytes) + (2 * row) + 16);
                    c = Lanes128.MultiplyAdd(c, low, values);
                    d = Lanes128.MultiplyAdd(d, high, values);
                }

                a.StoreUnsafe(ref sums, row);
                b.StoreUnsafe(ref sums, row + 4);
                c.StoreUnsafe(ref sums, row + 8);
                d.StoreUnsafe(ref sums, row + 12);
            }
        }
        else
        {
            AddUpPlainly(ref codes, ref query, 1, pairs, ref sums);
        }
    }

    // sums[query, row] for the rows of one group and eight queries: a vector of rows is widened once for all of them.
    private static void AddUpBlock(ref sbyte codes, ref int queries, int pairs, ref int sums)
    {
        if (Lanes256.IsSupported)
        {
            // Half of the queries and of the rows at a time: there are 16 registers.
            for (nuint half = 0; half < 4; half++)
            {
                AddUpQuarter256(
                    ref Unsafe.Add(ref codes, half % 2 * 32), ref Unsafe.Add(ref queries, half / 2 * 4), pairs, ref Unsafe.Add(ref sums, (half % 2 * 16) + (half / 2 * 4 * GroupRows)));
            }
        }
        else if (Lanes128.IsSupported)
        {
            for (nuint part = 0; part < 8; part++)
            {
                AddUpPart128(
                    ref Unsafe.Add(ref codes, part % 4 * 16), ref Unsafe.Add(ref queries, part / 4 * 4), pairs, ref Unsafe.Add(ref sums, (part % 4 * 8) + (part / 4 * 4 * GroupRows)));
            }
        }
        else
        {
            for (var query = 0; query < QueryCodes.Block; query++)
            {
                AddUpPlainly(ref codes, ref Unsafe.Add(ref queries, query), QueryCodes.Block, pairs, ref Unsafe.Add(ref sums, query * GroupRows));
            }
        }
    }

    // 16 rows and four queries.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddUpQuarter256(ref sbyte codes, ref int queries, int pairs, ref int sums)
    {
        var (a0, a1, a2, a3) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        var (b0, b1, b2, b3) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        for (var i = 0; i < pairs; i++)
        {
            var low = Lanes256.Load(ref codes, 0);
            var high = Lanes256.Load(ref codes, 16);
            codes = ref Unsafe.Add(ref codes, PairBytes);

            var values = Vector256.Create(queries).AsInt16();
            a0 = Lanes256.MultiplyAdd(a0, low, values);
            b0 = Lanes256.MultiplyAdd(b0, high, values);
            values = Vector256.Create(Unsafe.Add(ref queries, 1)).AsInt16();
            a1 = Lanes256.MultiplyAdd(a1, low, values);
            b1 = Lanes256.MultiplyAdd(b1, high, values);
            values = Vector256.Create(Unsafe.Add(ref queries, 2)).AsInt16();
            a2 = Lanes256.MultiplyAdd(a2, low, values);
            b2 = Lanes256.MultiplyAdd(b2, high, values);
            values = Vector256.Create(Unsafe.Add(ref queries, 3)).AsInt16();
            a3 = Lanes256.MultiplyAdd(a3, low, values);
            b3 = Lanes256.MultiplyAdd(b3, high, values);
            queries = ref Unsafe.Add(ref queries, QueryCodes.Block);
        }

        Store(a0, b0, ref sums, 0);
        Store(a1, b1, ref sums, 1);
        Store(a2, b2, ref sums, 2);
        Store(a3, b3, ref sums, 3);

        static void Store(Vector256<int> a, Vector256<int> b, ref int sums, nuint query)
        {
            a.StoreUnsafe(ref sums, query * GroupRows);
            b.StoreUnsafe(ref sums, (query * GroupRows) + 8);
        }
    }

    // 8 rows and four queries.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddUpPart128(ref sbyte codes, ref int queries, int pairs, ref int sums)
    {
        var (a0, a1, a2, a3) = (Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero);
        var (b0, b1, b2, b3) = (Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero);
        for (var i = 0; i < pairs; i++)
        {
            var (low, high) = Lanes128.Load(ref codes, 0);
            codes = ref Unsafe.Add(ref codes, PairBytes);

            var values = Vector128.Create(queries).AsInt16();
            a0 = Lanes128.MultiplyAdd(a0, low, values);
            b0 = Lanes128.MultiplyAdd(b0, high, values);
            values = Vector128.Create(Unsafe.Add(ref queries, 1)).AsInt16();
            a1 = Lanes128.MultiplyAdd(a1, low, values);
            b1 = Lanes128.MultiplyAdd(b1, high, values);
            values = Vector128.Create(Unsafe.Add(ref queries, 2)).AsInt16();
            a2 = Lanes128.MultiplyAdd(a2, low, values);
            b2 = Lanes128.MultiplyAdd(b2, high, values);
            values = Vector128.Create(Unsafe.Add(ref queries, 3)).AsInt16();
            a3 = Lanes128.MultiplyAdd(a3, low, values);
            b3 = Lanes128.MultiplyAdd(b3, high, values);
            queries = ref Unsafe.Add(ref queries, QueryCodes.Block);
        }

        Store(a0, b0, ref sums, 0);
        Store(a1, b1, ref sums, 1);
        Store(a2, b2, ref sums, 2);
        Store(a3, b3, ref sums, 3);

        static void Store(Vector128<int> a, Vector128<int> b, ref int sums, nuint query)
        {
            a.StoreUnsafe(ref sums, query * GroupRows);
            b.StoreUnsafe(ref sums, (query * GroupRows) + 4);
        }
    }

    // For machines without vectors: correct, and no more.
    private static void AddUpPlainly(ref sbyte codes, ref int query, int width, int pairs, ref int sums)
    {
        for (var row = 0; row < GroupRows; row++)
        {
            var sum = 0;
            for (var i = 0; i < pairs; i++)
            {
                var values = Unsafe.Add(ref query, i * width);
                var place = (i * PairBytes) + (2 * row);
                sum += (Unsafe.Add(ref codes, place) * (short)values) + (Unsafe.Add(ref codes, place + 1) * (values >> 16));
            }

            Unsafe.Add(ref sums, row) = sum;
        }
    }
}
