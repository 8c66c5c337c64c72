namespace FaceCloud.Numerics.Tests;

public sealed class RowCodesTests
{
    private const int LongestLength = 1025;

    public enum Kind
    {
        Random,
        AllEqual,
        OneDominates,
        AtTheClippingEdge,
        HalfwayBetweenCodes,
        NearTies,
        Tiny,
        Huge,
    }

    public static MatrixTheoryData<Kind, Kind> Kinds => new(Enum.GetValues<Kind>(), Enum.GetValues<Kind>());

    [Fact]
    public void Encode_AllLengthsTo1025_EqualsNaive()
    {
        for (var length = 1; length <= LongestLength; length++)
        {
            var x = Vector(new Random(length), length, Kind.Random);
            var codes = new sbyte[length];
            var scale = x.Max(Math.Abs) / 127;
            var naive = Array.ConvertAll(x, value => (sbyte)Math.Round(value / scale));
            var error = Length(x.Zip(naive, (value, code) => value - ((double)scale * code)));

            var code = RowCodes.Encode(x, codes);

            Assert.Equal(scale, code.Scale);
            Assert.All(codes.Zip(naive), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
            Assert.InRange(code.Error, Length(x.Zip(codes, (value, c) => value - ((double)scale * c))), (error * 1.000001) + 1e-9);
            Assert.InRange(code.Reach, Length(x.Select(value => (double)value)) + error, 1.000001 * (Length(x.Select(value => (double)value)) + code.Error));
        }
    }

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new[] { 0f, -0f, 0f })]
    [InlineData(new[] { 1f, float.NaN, 2f })]
    [InlineData(new[] { 1f, float.NegativeInfinity, 2f })]
    [InlineData(new[] { 1e-13f, 1e-40f })]
    [InlineData(new[] { 1f, 1e13f })]
    public void Encode_NoGoodCodes_IsFoundByEveryQuery(float[] x)
    {
        var codes = new sbyte[x.Length];

        var code = RowCodes.Encode(x, codes);

        Assert.Equal(new RowCode(0, float.PositiveInfinity, 0), code);
        Assert.All(codes, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Place_AllLengthsTo1025_LeavesOtherRowsAlone()
    {
        for (var length = 1; length <= LongestLength; length += 1 + (length / 8))
        {
            var group = new sbyte[RowCodes.GroupBytes(length)];
            Array.Fill(group, (sbyte)77);
            var codes = Enumerable.Range(1, length).Select(i => (sbyte)(i % 50)).ToArray();
            var row = length % RowCodes.GroupRows;

            RowCodes.Place(codes, group, row);

            for (var i = 0; i < group.Length; i++)
            {
                var (pair, place) = (i / 64, i % 64);
                var dimension = (2 * pair) + (place % 2);
                Assert.Equal(place / 2 != row ? 77 : dimension < length ? codes[dimension] : 0, group[i]);
            }
        }
    }

    // From both sides: the row is found at its own product, and not far above it.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(17)]
    public void FindReaching_AllLengthsTo1025_FindsWhatReachesTheFloor(int queryCount)
    {
        var step = queryCount == 1 ? 1 : 7;
        for (var length = 1; length <= LongestLength; length += step)
        {
            var random = new Random((length * 100) + queryCount);
            var group = new Group(length, _ => Vector(random, length, Kind.Random));
            var queries = Enumerable.Range(0, queryCount).Select(_ => Vector(random, length, Kind.Random)).ToArray();
            var codes = new QueryCodes(queries);
            var row = random.Next(RowCodes.GroupRows);

            var found = group.Find(codes, query => Vectors.DotProduct(group.Rows[row], queries[query]));
            var above = group.Find(codes, query => Vectors.DotProduct(group.Rows[row], queries[query]) + (2.1f * group.Codes[row].Error) + 1e-3f);

            for (var query = 0; query < queryCount; query++)
            {
                Assert.True((found[query] & (1u << row)) != 0, $"length {length}, query {query}, row {row}");
                Assert.True((above[query] & (1u << row)) == 0, $"length {length}, query {query}, row {row}");
            }
        }
    }

    [Fact]
    public void FindReaching_ManyGroups_EqualsOneAtATime()
    {
        const int groups = 5;
        var random = new Random(1);
        var codes = new QueryCodes([.. Enumerable.Range(0, 11).Select(_ => Vector(random, 51, Kind.Random))]);
        var parts = Enumerable.Range(0, groups).Select(_ => new Group(51, _ => Vector(random, 51, Kind.Random))).ToArray();
        var bars = Enumerable.Range(0, 11).Select(query => codes.Bar(query, 0.05f, 1.1f)).ToArray();
        var reaching = new uint[groups * 11];

        RowCodes.FindReaching(
            parts.SelectMany(part => part.Bytes).ToArray(),
            parts.SelectMany(part => part.Scales).ToArray(),
            parts.SelectMany(part => part.Errors).ToArray(),
            codes,
            bars,
            reaching);

        Assert.Equal(parts.SelectMany(part => part.Find(codes, _ => 0.05f, reach: 1.1f)), reaching);
        Assert.Contains(reaching, bits => bits is not 0 and not uint.MaxValue);
    }

    // The bound |x q - estimate| <= bound for every pair, where it is hardest to keep: random queries, the row itself, and
    // the error of the row, for which the estimate is off by just the bound.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void FindReaching_FloorAtAnyProduct_MissesNone(Kind rows, Kind queryKind)
    {
        var random = new Random(((int)rows * 100) + (int)queryKind);
        foreach (var length in (int[])[1, 2, 3, 15, 16, 17, 64, 127, 128, 200, 512, 1024])
        {
            var group = new Group(length, _ => Vector(random, length, rows));
            var queries = group.Rows.Take(4)
                .Concat(group.ErrorDirections().Take(8))
                .Append(Vector(random, length, queryKind))
                .Append(Vector(random, length, queryKind))
                .ToArray();
            var codes = new QueryCodes(queries);
            for (var row = 0; row < RowCodes.GroupRows; row++)
            {
                var found = group.Find(codes, query => Vectors.DotProduct(group.Rows[row], queries[query]));

                for (var query = 0; query < queries.Length; query++)
                {
                    var floor = Vectors.DotProduct(group.Rows[row], queries[query]);
                    for (var other = 0; other < RowCodes.GroupRows; other++)
                    {
                        Assert.False(
                            Vectors.DotProduct(group.Rows[other], queries[query]) >= floor && (found[query] & (1u << other)) == 0,
                            $"{rows}, {queryKind}, length {length}, query {query}, row {other}");
                    }
                }
            }
        }
    }

    [Fact]
    public void FindReaching_MillionsOfPairs_MissesNone()
    {
        const int length = 32;
        var random = new Random(7);
        for (var round = 0; round < 1500; round++)
        {
            var group = new Group(length, _ => Vector(random, length, Kind.Random));
            var queries = Enumerable.Range(0, 24).Select(_ => Vector(random, length, Kind.Random)).ToArray();
            var codes = new QueryCodes(queries);
            var row = round % RowCodes.GroupRows;

            var found = group.Find(codes, query => Vectors.DotProduct(group.Rows[row], queries[query]));

            for (var query = 0; query < queries.Length; query++)
            {
                var floor = Vectors.DotProduct(group.Rows[row], queries[query]);
                for (var other = 0; other < RowCodes.GroupRows; other++)
                {
                    if (Vectors.DotProduct(group.Rows[other], queries[query]) >= floor)
                    {
                        Assert.True((found[query] & (1u << other)) != 0);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e-20f)]
    [InlineData(1e20f)]
    public void FindReaching_QueryWithoutBound_FindsEveryRow(float value)
    {
        var random = new Random(3);
        var group = new Group(9, _ => Vector(random, 9, Kind.Random));
        var query = new float[9];
        Array.Fill(query, value);

        var found = group.Find(new QueryCodes([query]), _ => 0.5f);

        Assert.Equal([uint.MaxValue], found);
    }

    [Fact]
    public void FindReaching_RowWithoutCodes_IsAlwaysFound()
    {
        var random = new Random(4);
        var group = new Group(9, row => row == 5 ? new float[9] : Vector(random, 9, Kind.Random));

        var found = group.Find(new QueryCodes([Vector(random, 9, Kind.Random)]), _ => 1.5f);

        Assert.Equal([1u << 5], found);
    }

    // Codes of 127 and values of one size: the sum of products is as large as it can be.
    [Theory]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void FindReaching_LargestSums_DoNotOverflow(int length)
    {
        var x = new float[length];
        Array.Fill(x, (float)(1 / Math.Sqrt(length)));
        var group = new Group(length, row => row % 2 == 0 ? x : Array.ConvertAll(x, value => -value));

        var found = group.Find(new QueryCodes([x]), _ => 0.999f);

        Assert.Equal([0x5555_5555u], found);
    }

    [Fact]
    public void FindReaching_LengthsDoNotFit_Throws()
    {
        var group = new Group(6, _ => [1, 2, 3, 4, 5, 6]);
        var codes = new QueryCodes([new float[6]]);

        Assert.Throws<ArgumentException>(() => RowCodes.FindReaching(group.Bytes.AsSpan(1), group.Scales, group.Errors, codes, new float[1], new uint[1]));
        Assert.Throws<ArgumentException>(() => RowCodes.FindReaching(group.Bytes, group.Scales, group.Errors, codes, new float[2], new uint[1]));
        Assert.Throws<ArgumentException>(() => RowCodes.FindReaching(group.Bytes, group.Scales, group.Errors, codes, new float[1], new uint[2]));
        Assert.Throws<ArgumentException>(() => RowCodes.FindReaching(group.Bytes, group.Scales.AsSpan(1), group.Errors, codes, new float[1], new uint[1]));
        Assert.Throws<ArgumentException>(() => new QueryCodes([]));
        Assert.Throws<ArgumentException>(() => new QueryCodes([new float[2], new float[3]]));
    }

    private static double Length(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    private static float[] Vector(Random random, int length, Kind kind)
    {
        var x = new float[length];
        for (var i = 0; i < length; i++)
        {
            x[i] = kind switch
            {
                Kind.AllEqual => 1,
                Kind.OneDominates => (random.NextSingle() - 0.5f) * (i == length / 2 ? 2e3f : 2e-3f),
                Kind.AtTheClippingEdge => random.Next(2) == 0 ? 1 : -1,
                Kind.HalfwayBetweenCodes => i == 0 ? 127 : random.Next(-126, 126) + 0.5f,
                Kind.NearTies => 1 + (i * 0.01f) + (random.Next(-3, 4) * 1e-7f),
                _ => random.NextSingle() - 0.5f,
            };
        }

        Assert.True(Vectors.Normalize(x));
        var size = kind switch { Kind.Tiny => 1e-8f, Kind.Huge => 1e8f, _ => 1f };
        return Array.ConvertAll(x, value => value * size);
    }

    // 32 rows as the index keeps them.
    private sealed class Group
    {
        public Group(int length, Func<int, float[]> row)
        {
            Rows = [.. Enumerable.Range(0, RowCodes.GroupRows).Select(row)];
            Bytes = new sbyte[RowCodes.GroupBytes(length)];
            RowBytes = [.. Rows.Select(_ => new sbyte[length])];
            Codes = [.. Rows.Zip(RowBytes, (x, codes) => RowCodes.Encode(x, codes))];
            for (var i = 0; i < RowCodes.GroupRows; i++)
            {
                RowCodes.Place(RowBytes[i], Bytes, i);
            }
        }

        public float[][] Rows { get; }

        public sbyte[][] RowBytes { get; }

        public sbyte[] Bytes { get; }

        public RowCode[] Codes { get; }

        public float[] Scales => Array.ConvertAll(Codes, code => code.Scale);

        public float[] Errors => Array.ConvertAll(Codes, code => code.Error);

        public uint[] Find(QueryCodes queries, Func<int, float> floor, float? reach = null)
        {
            var bars = Enumerable.Range(0, queries.Count).Select(query => queries.Bar(query, floor(query), reach ?? Codes.Max(code => code.Reach))).ToArray();
            var reaching = new uint[queries.Count];
            RowCodes.FindReaching(Bytes, Scales, Errors, queries, bars, reaching);
            return reaching;
        }

        public IEnumerable<float[]> ErrorDirections()
        {
            for (var row = 0; row < RowCodes.GroupRows; row++)
            {
                var scale = (double)Codes[row].Scale;
                var error = Rows[row].Zip(RowBytes[row], (value, code) => (float)(value - (scale * code))).ToArray();
                if (Vectors.Normalize(error))
                {
                    yield return error;
                }
            }
        }
    }
}
