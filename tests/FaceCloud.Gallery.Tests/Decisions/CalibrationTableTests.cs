using FaceCloud.Gallery.Decisions;
using FaceCloud.Inference.Models;

namespace FaceCloud.Gallery.Tests.Decisions;

public sealed class CalibrationTableTests
{
    private static readonly CalibrationPoint[] Points = [new(1e-2, 0.3f), new(1e-3, 0.4f), new(1e-4, 0.46f)];

    [Theory]
    [InlineData(1e-2, 0.3f)]
    [InlineData(1e-3, 0.4f)]
    [InlineData(1e-4, 0.46f)]
    public void At_RateOfThePoint_GivesItsThreshold(double rate, float expected)
    {
        var (threshold, extrapolated) = new CalibrationTable(Points).At(rate);

        Assert.Equal(expected, threshold, 1e-6f);
        Assert.False(extrapolated);
    }

    // Half a decade is half the way: 10^-2.5 between 0.3 and 0.4, 10^-3.5 between 0.4 and 0.46.
    [Theory]
    [InlineData(0.00316227766016837933, 0.35f)]
    [InlineData(0.000316227766016837933, 0.43f)]
    public void At_RateBetweenPoints_IsLinearInItsLogarithm(double rate, float expected)
    {
        var (threshold, extrapolated) = new CalibrationTable(Points).At(rate);

        Assert.Equal(expected, threshold, 1e-6f);
        Assert.False(extrapolated);
    }

    // One decade beyond goes on as the last decade did: +0.06 below, -0.1 above.
    [Theory]
    [InlineData(1e-5, 0.52f)]
    [InlineData(1e-1, 0.2f)]
    public void At_RateBeyondTheTable_ContinuesTheLineAndSaysSo(double rate, float expected)
    {
        var (threshold, extrapolated) = new CalibrationTable(Points).At(rate);

        Assert.Equal(expected, threshold, 1e-6f);
        Assert.True(extrapolated);
    }

    [Fact]
    public void At_RateFarBeyondTheTable_StaysBelowOne()
    {
        var (threshold, extrapolated) = new CalibrationTable(Points).At(1e-30);

        Assert.Equal(CalibrationTable.Highest, threshold);
        Assert.True(threshold < 1);
        Assert.True(extrapolated);
    }

    [Fact]
    public void At_PointsInAnyOrder_GivesTheSame()
    {
        var turned = new CalibrationTable(Points.Reverse());

        Assert.Equal(new CalibrationTable(Points).At(5e-4), turned.At(5e-4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-3)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void At_NotARate_Throws(double rate)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CalibrationTable(Points).At(rate));
    }

    public static TheoryData<CalibrationPoint[]> BadTables => new(
        [],
        [new(1e-3, 0.4f)],
        [new(1e-3, 0.4f), new(1e-3, 0.5f)],
        [new(1e-2, 0.4f), new(1e-3, 0.3f)],
        [new(0, 0.4f), new(1e-3, 0.5f)],
        [new(1e-2, float.NaN), new(1e-3, 0.5f)],
        [new(1e-2, 0.4f), new(1e-3, 1.5f)]);

    [Theory]
    [MemberData(nameof(BadTables))]
    public void Constructor_TableThatCannotBe_Throws(CalibrationPoint[] points)
    {
        Assert.Throws<ArgumentException>(() => new CalibrationTable(points));
    }

    // The own table ends at 1e-3 with 0.5; from there on the other one's course: one decade of it, +0.06, of which a comparison of the
    // own table counts ten: from 1e-4 to 1e-5 on its continued line.
    [Theory]
    [InlineData(1e-3, 0.5f, false)]
    [InlineData(1e-4, 0.56f, true)]
    [InlineData(3.16227766016837933e-3, 0.45f, false)]
    public void At_TableWithContinuation_FollowsItsCourseBeyondTheEnd(double rate, float expected, bool beyond)
    {
        var table = new CalibrationTable([new(1e-2, 0.4f), new(1e-3, 0.5f)], new CalibrationTable(Points), comparisons: 10);

        var (threshold, extrapolated) = table.At(rate);

        Assert.Equal((expected, beyond), (MathF.Round(threshold, 5), extrapolated));
    }

    [Fact]
    public void At_ContinuationOfTheSameTable_ChangesNothing()
    {
        var plain = new CalibrationTable(Points);
        var continued = new CalibrationTable(Points.Take(2), plain);

        Assert.All(new[] { 1e-1, 1e-2, 3e-3, 1e-3, 5e-4, 1e-4, 1e-6 }, rate => Assert.Equal(plain.At(rate).Threshold, continued.At(rate).Threshold, 1e-6f));
    }
}
