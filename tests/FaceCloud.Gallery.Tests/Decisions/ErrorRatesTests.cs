using FaceCloud.Gallery.Decisions;

namespace FaceCloud.Gallery.Tests.Decisions;

public sealed class ErrorRatesTests
{
    // 1 - (1 - p)^(1/K) with 40 decimal digits.
    [Theory]
    [InlineData(0.01, 1, 0.01)]
    [InlineData(0.01, 60, 0.0001674915692790333655778)]
    [InlineData(0.01, 1_000_000, 1.005033580299681596866e-8)]
    [InlineData(1e-6, 1_000_000_000, 1.0000005000003333328e-15)]
    [InlineData(0.5, 2, 0.29289321881345247559915563789515)]
    [InlineData(0.001, 200, 5.0024891554270633349292e-6)]
    public void PerComparison_KnownRateAndSize_EqualsExactValue(double falsePositiveRate, long persons, double expected)
    {
        var rate = ErrorRates.PerComparison(falsePositiveRate, persons);

        Assert.Equal(expected, rate, expected * 1e-14);
    }

    [Fact]
    public void PerComparison_EmptyGallery_CountsAsOnePerson()
    {
        Assert.Equal(ErrorRates.PerComparison(0.01, 1), ErrorRates.PerComparison(0.01, 0));
    }

    [Theory]
    [InlineData(1e-300, 7)]
    [InlineData(1 - 1e-16, 1)]
    public void PerComparison_RateAtTheEdge_StaysARate(double falsePositiveRate, long persons)
    {
        Assert.InRange(ErrorRates.PerComparison(falsePositiveRate, persons), double.Epsilon, 1);
    }
}
