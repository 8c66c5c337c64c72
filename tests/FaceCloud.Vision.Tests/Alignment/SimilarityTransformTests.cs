using System.Numerics;
using FaceCloud.Vision.Alignment;

namespace FaceCloud.Vision.Tests.Alignment;

public sealed class SimilarityTransformTests
{
    private static readonly Vector2[] Square = [new(0, 0), new(2, 0), new(2, 2), new(0, 2)];

    [Fact]
    public void TryFit_QuarterTurnTwiceTheSizeShifted_IsFoundExactly()
    {
        // (x, y) -> (-2y + 10, 2x + 5), by hand.
        Vector2[] to = [new(10, 5), new(10, 9), new(6, 9), new(6, 5)];

        Assert.True(SimilarityTransform.TryFit(Square, to, out var transform));

        AssertEqual(new SimilarityTransform(0, 2, 10, 5), transform);
        Assert.Equal(2, transform.Scale, 1e-9);
    }

    [Fact]
    public void TryFit_OnePointOff_IsTheLeastSquaresAnswer()
    {
        // By hand: the corner (2, 2) pulled to (3, 2). Centred, the sums are
        // dot = 9, cross = -1, spread = 8, and the means (1, 1) and (1.25, 1).
        Vector2[] to = [new(0, 0), new(2, 0), new(3, 2), new(0, 2)];

        Assert.True(SimilarityTransform.TryFit(Square, to, out var transform));

        AssertEqual(new SimilarityTransform(9 / 8.0, -1 / 8.0, 1.25 - (9 / 8.0) - (1 / 8.0), 1 - (9 / 8.0) + (1 / 8.0)), transform);
    }

    [Fact]
    public void TryFit_MirroredPoints_DoesNotMirror()
    {
        Vector2[] from = [new(-1, 0), new(1, 0), new(0, 3)];
        Vector2[] to = [new(1, 0), new(-1, 0), new(0, 3)];

        Assert.True(SimilarityTransform.TryFit(from, to, out var transform));

        // Turning by any angle keeps the order around the triangle; the determinant stays positive by construction.
        Assert.True((transform.A * transform.A) + (transform.B * transform.B) > 0);
        Assert.Equal(0, transform.B, 1e-9);
        Assert.True(transform.A is > 0 and < 1);
    }

    [Fact]
    public void Invert_AnyTransform_BringsPointsBack()
    {
        var transform = new SimilarityTransform(0.3, -1.7, 12, -5);

        var (x, y) = transform.Apply(3, 4);
        var (backX, backY) = transform.Invert().Apply(x, y);

        Assert.Equal(3, backX, 1e-9);
        Assert.Equal(4, backY, 1e-9);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    public void TryFit_PointsWithoutSpread_False(float x, float y)
    {
        Vector2[] from = [new(x, y), new(x, y), new(x, y), new(x, y)];

        Assert.False(SimilarityTransform.TryFit(from, Square, out _));
    }

    private static void AssertEqual(SimilarityTransform expected, SimilarityTransform actual)
    {
        Assert.Equal(expected.A, actual.A, 1e-6);
        Assert.Equal(expected.B, actual.B, 1e-6);
        Assert.Equal(expected.X, actual.X, 1e-6);
        Assert.Equal(expected.Y, actual.Y, 1e-6);
    }
}
