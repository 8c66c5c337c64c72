namespace FaceCloud.Numerics;

/// <summary>
/// Queries as 16-bit integers for <see cref="RowCodes.FindReaching"/>, with what it takes to compare exactly:
/// q = step * d + f. A sum of products with codes never leaves 32 bits.
/// </summary>
public sealed class QueryCodes
{
    /// <summary>Queries that the scan takes at once; as many lie side by side, pair by pair.</summary>
    internal const int Block = 8;

    // What 127 * sum|d_i| may be.
    private const double LargestSum = int.MaxValue;
    private const double Unit = 1.0 / (1 << 24);

    private readonly Bound[] _bounds;

    /// <param name="queries">All of one length. One with zero only, NaN or values beyond 1e±12 has no bound: every row reaches its bar.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there is none.</exception>
    public QueryCodes(IReadOnlyList<float[]> queries)
    {
        if (queries.Count == 0 || queries.Any(query => query.Length != queries[0].Length))
        {
            throw new ArgumentException("One or more queries of one length are needed.", nameof(queries));
        }

        Dimension = queries[0].Length;
        Count = queries.Count;
        Width = Count == 1 ? 1 : Block;
        var pairs = RowCodes.Pairs(Dimension);
        Values = new int[(Count + Width - 1) / Width * pairs * Width];
        Slopes = new float[Count];
        _bounds = new Bound[Count];
        var codes = new short[2 * pairs];
        for (var query = 0; query < Count; query++)
        {
            Array.Clear(codes);
            _bounds[query] = Encode(queries[query], codes);
            Slopes[query] = _bounds[query].Slope;
            var first = (query / Width * pairs * Width) + (query % Width);
            for (var i = 0; i < pairs; i++)
            {
                Values[first + (i * Width)] = (ushort)codes[2 * i] | (codes[(2 * i) + 1] << 16);
            }
        }
    }

    public int Count { get; }

    public int Dimension { get; }

    /// <summary>1 or <see cref="Block"/>.</summary>
    internal int Width { get; }

    /// <summary>[block][pair][query of the block], two codes each; queries that fill up the last block are zero.</summary>
    internal int[] Values { get; }

    /// <summary>At least |q| / step.</summary>
    internal float[] Slopes { get; }

    /// <summary>
    /// The bar for <see cref="RowCodes.FindReaching"/> below which no row stays whose <see cref="Vectors.DotProduct"/> with the
    /// query is <paramref name="floor"/> or more, in whatever order that adds up.
    /// </summary>
    /// <param name="query">Its number.</param>
    /// <param name="floor">A product; negative infinity lets every row pass.</param>
    /// <param name="reach">The greatest <see cref="RowCode.Reach"/> of all rows that are scanned.</param>
    public float Bar(int query, float floor, float reach)
    {
        var bound = _bounds[query];
        // With R = reach and x = s c + e, the product x q = s step (c d) + s c f + e q. The scan compares the first term plus
        // |e| |q|, the most that the third can be. What is left:
        //   |s c| |f|, where |s c| <= R;
        //   the float32 product itself, off by at most n' u R |q|, n' = n + 2 roundings of u = 2^-24;
        //   the scan's own float32 arithmetic, five roundings of terms of at most 2 R (|q| + |f|).
        var slack = (reach * bound.Error)
            + ((Dimension + 2) * Unit * 1.001 * reach * bound.Length)
            + (10 * Unit * reach * (bound.Length + bound.Error))
            + (Dimension * (double)float.Epsilon);
        var bar = (floor - (slack * (1 + 1e-6))) / bound.Step;
        return double.IsNaN(bar) ? float.NegativeInfinity : MathF.BitDecrement(MathF.BitDecrement((float)bar));
    }

    private static Bound Encode(ReadOnlySpan<float> query, Span<short> codes)
    {
        var (largest, sum, squares) = (0d, 0d, 0d);
        foreach (var value in query)
        {
            // Math.Max keeps a NaN.
            largest = Math.Max(largest, Math.Abs(value));
            sum += Math.Abs(value);
            squares += (double)value * value;
        }

        if (largest is not (>= 1e-12 and <= 1e12))
        {
            return new Bound(1, 0, double.NaN, 1);
        }

        var step = Math.Max(largest / short.MaxValue, sum / ((LargestSum / 127) - query.Length));
        var squaredErrors = 0d;
        for (var i = 0; i < query.Length; i++)
        {
            codes[i] = (short)Math.Round(query[i] / step);
            var error = query[i] - (step * codes[i]);
            squaredErrors += error * error;
        }

        // Rounded up by far more than double loses on the way; the errors are differences of nearly equal numbers.
        var length = Math.Sqrt(squares) * (1 + 1e-9);
        return new Bound(step, length, (Math.Sqrt(squaredErrors) * (1 + 1e-9)) + (length * 1e-12), MathF.BitIncrement((float)(length / step)));
    }

    private readonly record struct Bound(double Step, double Length, double Error, float Slope);
}
