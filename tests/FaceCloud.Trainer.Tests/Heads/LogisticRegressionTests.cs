using FaceCloud.Inference.Fitting;

namespace FaceCloud.Trainer.Tests.Heads;

public sealed class LogisticRegressionTests
{
    [Fact]
    public void Fit_OneYesNoFeature_LogOddsOfTheTable()
    {
        // Without the feature 1 of 4 is one person's, with it 3 of 4: bias log(1/3), weight log(3) − log(1/3).
        double[] features = [0, 0, 0, 0, 1, 1, 1, 1];
        bool[] labels = [true, false, false, false, true, true, true, false];

        var fitted = LogisticRegression.Fit(features, labels, Ones(8), ridge: 0, fallingOnly: false);

        Assert.Equal(Math.Log(1 / 3.0), fitted.Bias, 1e-6);
        Assert.Equal(2 * Math.Log(3), fitted.Weights[0], 1e-6);
    }

    [Fact]
    public void Fit_ImportanceTwo_AsThePairTwice()
    {
        double[] features = [0, 1, 2, 3, 2.5];
        bool[] labels = [true, false, true, false, false];

        var weighted = LogisticRegression.Fit([.. features], labels, [1, 1, 2, 1, 1], ridge: 0.1, fallingOnly: false);
        var twice = LogisticRegression.Fit([.. features, 2], [.. labels, true], Ones(6), ridge: 0.1, fallingOnly: false);

        Assert.Equal(twice.Weights[0], weighted.Weights[0], 1e-9);
        Assert.Equal(twice.Bias, weighted.Bias, 1e-9);
    }

    [Fact]
    public void Fit_ManyFeatures_NoDirectionIsBetter()
    {
        var (features, labels) = Made(400, [-3, 0, 2, 1], bias: 0.5);

        var fitted = LogisticRegression.Fit([.. features], labels, Ones(400), ridge: 0, fallingOnly: false);

        var least = Loss(features, labels, fitted.Weights, fitted.Bias);
        for (var k = 0; k < 4; k++)
        {
            foreach (var step in new[] { -0.02, 0.02 })
            {
                var moved = (double[])fitted.Weights.Clone();
                moved[k] += step;
                Assert.True(Loss(features, labels, moved, fitted.Bias) > least);
            }
        }

        Assert.True(Loss(features, labels, fitted.Weights, fitted.Bias + 0.02) > least);
        Assert.True(Loss(features, labels, fitted.Weights, fitted.Bias - 0.02) > least);
    }

    [Fact]
    public void Fit_FallingOnly_HoldsTheBoundAndIsBestWithinIt()
    {
        var (features, labels) = Made(2000, [-3, 0.2, 2, -1], bias: 0.5);

        var fitted = LogisticRegression.Fit([.. features], labels, Ones(2000), ridge: 0, fallingOnly: true);

        Assert.All(fitted.Weights, weight => Assert.True(weight <= 0));
        Assert.Equal(0, fitted.Weights[2]);
        Assert.InRange(fitted.Weights[0], -4, -1.5);
        var least = Loss(features, labels, fitted.Weights, fitted.Bias);
        for (var k = 0; k < 4; k++)
        {
            var moved = (double[])fitted.Weights.Clone();
            moved[k] -= 0.02;
            Assert.True(Loss(features, labels, moved, fitted.Bias) > least);
        }
    }

    [Fact]
    public void Fit_Ridge_ShrinksWhateverTheScale()
    {
        var (features, labels) = Made(500, [-3, 2], bias: 0);

        var free = LogisticRegression.Fit([.. features], labels, Ones(500), ridge: 0, fallingOnly: false);
        var held = LogisticRegression.Fit([.. features], labels, Ones(500), ridge: 0.1, fallingOnly: false);
        var scaled = LogisticRegression.Fit([.. features.Select(f => f * 1000)], labels, Ones(500), ridge: 0.1, fallingOnly: false);

        Assert.True(Math.Abs(held.Weights[0]) < 0.8 * Math.Abs(free.Weights[0]));
        Assert.Equal(held.Weights[0], scaled.Weights[0] * 1000, 1e-6);
        Assert.Equal(held.Bias, scaled.Bias, 1e-6);
    }

    [Fact]
    public void Fit_PartedWithoutError_StaysFinite()
    {
        var fitted = LogisticRegression.Fit([-1, -2, 1, 2], [false, false, true, true], Ones(4), ridge: 1e-6, fallingOnly: false);

        Assert.True(double.IsFinite(fitted.Weights[0]) && double.IsFinite(fitted.Bias));
        Assert.True(fitted.Weights[0] > 1);
    }

    [Fact]
    public void Fit_FeatureThatNeverChanges_GetsNoWeight()
    {
        var fitted = LogisticRegression.Fit([7, 0, 7, 1, 7, 0, 7, 1], [false, true, true, false], Ones(4), ridge: 0.01, fallingOnly: false);

        Assert.Equal(0, fitted.Weights[0]);
    }

    [Theory]
    [InlineData(double.NaN, true)]
    [InlineData(double.PositiveInfinity, true)]
    [InlineData(1, false)]
    public void Fit_NotFiniteOrOneKindOnly_Refused(double feature, bool bothKinds) =>
        Assert.Throws<FittingException>(() => LogisticRegression.Fit([0, feature], [bothKinds, false], Ones(2), ridge: 0, fallingOnly: false));

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static (double[] Features, bool[] Labels) Made(int count, double[] weights, double bias)
    {
        var random = new Random(5);
        var features = Enumerable.Range(0, count * weights.Length).Select(_ => (random.NextDouble() * 2) - 1).ToArray();
        var labels = Enumerable.Range(0, count)
            .Select(i => random.NextDouble() < 1 / (1 + Math.Exp(-(bias + weights.Select((w, k) => w * features[(i * weights.Length) + k]).Sum()))))
            .ToArray();
        return (features, labels);
    }

    private static double Loss(double[] features, bool[] labels, double[] weights, double bias) => labels
        .Select((label, i) => (label, z: bias + weights.Select((w, k) => w * features[(i * weights.Length) + k]).Sum()))
        .Average(p => Math.Log(1 + Math.Exp(p.label ? -p.z : p.z)));
}
