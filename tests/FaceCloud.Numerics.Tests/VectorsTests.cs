namespace FaceCloud.Numerics.Tests;

public sealed class VectorsTests
{
    private const int LongestLength = 1025;

    [Fact]
    public void DotProduct_AllLengthsTo1025_EqualsNaive()
    {
        ForAllLengths((x, y) =>
        {
            var naive = 0.0;
            var magnitude = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                naive += (double)x[i] * y[i];
                magnitude += Math.Abs((double)x[i] * y[i]);
            }

            Assert.Equal(naive, Vectors.DotProduct(x, y), Tolerance(magnitude));
        });
    }

    [Fact]
    public void DotProduct_LengthsDiffer_Throws()
    {
        Assert.Throws<ArgumentException>(() => Vectors.DotProduct(new float[3], new float[4]));
    }

    [Fact]
    public void DotProduct_NaNAtAnyPlace_IsNaN()
    {
        ForAllPlacesOfNaN((x, y) => Assert.True(float.IsNaN(Vectors.DotProduct(x, y))));
    }

    [Fact]
    public void SquaredDistance_AllLengthsTo1025_EqualsNaive()
    {
        ForAllLengths((x, y) =>
        {
            var naive = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                naive += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
            }

            Assert.Equal(naive, Vectors.SquaredDistance(x, y), Tolerance(naive));
        });
    }

    [Fact]
    public void SquaredDistance_EqualVectors_IsExactlyZero()
    {
        ForAllLengths((x, _) => Assert.Equal(0f, Vectors.SquaredDistance(x, x)));
    }

    [Fact]
    public void SquaredDistance_UnitLength_IsTwoMinusTwoCosine()
    {
        var (x, y) = (RandomVector(128, seed: 1), RandomVector(128, seed: 2));
        Assert.True(Vectors.Normalize(x) && Vectors.Normalize(y));

        var distance = Vectors.SquaredDistance(x, y);

        Assert.Equal(2 - (2 * Vectors.DotProduct(x, y)), distance, 1e-5f);
    }

    [Fact]
    public void SquaredDistance_NaNAtAnyPlace_IsNaN()
    {
        ForAllPlacesOfNaN((x, y) => Assert.True(float.IsNaN(Vectors.SquaredDistance(x, y))));
    }

    [Fact]
    public void SquaredDistance_LengthsDiffer_Throws()
    {
        Assert.Throws<ArgumentException>(() => Vectors.SquaredDistance(new float[4], new float[3]));
    }

    [Fact]
    public void Normalize_AllLengthsTo1025_EqualsNaive()
    {
        for (var length = 1; length <= LongestLength; length++)
        {
            var x = RandomVector(length, seed: length);
            var norm = Math.Sqrt(x.Sum(value => (double)value * value));
            var naive = Array.ConvertAll(x, value => (float)(value / norm));

            Assert.True(Vectors.Normalize(x));

            for (var i = 0; i < length; i++)
            {
                Assert.Equal(naive[i], x[i], 1e-6f);
            }
        }
    }

    [Theory]
    [InlineData(1e-42f)]
    [InlineData(1e-30f)]
    [InlineData(1e-13f)]
    [InlineData(1e13f)]
    [InlineData(1e30f)]
    [InlineData(2e38f)]
    public void Normalize_SquaresLeaveFloat_StillUnitLength(float size)
    {
        float[] x = [size, -size, size, size];

        Assert.True(Vectors.Normalize(x));

        Assert.All(x, value => Assert.Equal(0.5f, Math.Abs(value), 1e-6f));
    }

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new[] { 0f, 0f, -0f })]
    [InlineData(new[] { 1f, float.NaN, 2f })]
    [InlineData(new[] { 1f, float.PositiveInfinity, 2f })]
    [InlineData(new[] { 1f, float.NegativeInfinity, 2f })]
    public void Normalize_NoDirection_FalseAndUnchanged(float[] vector)
    {
        var x = (float[])vector.Clone();

        Assert.False(Vectors.Normalize(x));

        Assert.Equal(vector, x);
    }

    [Fact]
    public void IsFinite_AllLengthsTo1025_EqualsNaive()
    {
        ForAllLengths((x, _) => Assert.True(Vectors.IsFinite(x)));
        ForAllPlacesOfNaN((x, _) => Assert.False(Vectors.IsFinite(x)));
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    public void IsFinite_OneElementNot_False(float value)
    {
        for (var place = 0; place < 67; place++)
        {
            var x = RandomVector(67, seed: place);
            x[place] = value;

            Assert.False(Vectors.IsFinite(x));
        }
    }

    // Sums of float32 in any order: a few roundings for each of the terms.
    private static double Tolerance(double magnitude) => (magnitude * 2e-6) + 1e-12;

    private static void ForAllLengths(Action<float[], float[]> check)
    {
        for (var length = 0; length <= LongestLength; length++)
        {
            check(RandomVector(length, seed: length), RandomVector(length, seed: length + 5000));
        }
    }

    private static void ForAllPlacesOfNaN(Action<float[], float[]> check)
    {
        foreach (var length in (int[])[1, 3, 4, 5, 8, 15, 16, 17, 31, 33, 64, 67])
        {
            for (var place = 0; place < length; place++)
            {
                var (x, y) = (RandomVector(length, seed: 1), RandomVector(length, seed: 2));
                x[place] = float.NaN;
                check(x, y);
            }
        }
    }

    private static float[] RandomVector(int length, int seed)
    {
        var random = new Random(seed);
        var vector = new float[length];
        for (var i = 0; i < length; i++)
        {
            vector[i] = (random.NextSingle() * 2) - 1;
        }

        return vector;
    }
}
