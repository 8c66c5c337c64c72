namespace FaceCloud.Gallery.Decisions;

/// <summary>Error rates of one comparison and of a search over many.</summary>
public static class ErrorRates
{
    /// <summary>
    /// Per-comparison false accept rate with which so many comparisons name a stranger at the given rate:
    /// 1 - (1 - FPIR)^(1/K), taking the comparisons as independent. Computed over logarithms, since the plain formula
    /// loses all digits for large galleries.
    /// </summary>
    /// <param name="falsePositiveRate">FPIR, 0..1, both exclusive.</param>
    /// <param name="comparisons">K, not always whole: persons with several faces count more than one. None counts as one.</param>
    public static double PerComparison(double falsePositiveRate, double comparisons) =>
        -ExpMinusOne(LogOnePlus(-falsePositiveRate) / (comparisons > 0 ? comparisons : 1));

    /// <summary>
    /// The other way round: the rate at which so many comparisons name a stranger, when each of them
    /// accepts one at the given rate: 1 - (1 - FAR)^K.
    /// </summary>
    /// <param name="falseAcceptRate">FAR of one comparison, 0..1, both exclusive.</param>
    /// <param name="comparisons">K; none counts as one.</param>
    public static double PerSearch(double falseAcceptRate, double comparisons) =>
        -ExpMinusOne(LogOnePlus(-falseAcceptRate) * (comparisons > 0 ? comparisons : 1));

    // double.LogP1 and double.ExpM1 are plain log(1 + x) and exp(x) - 1 and cancel. Both corrections are Kahan's
    // (Higham, Accuracy and Stability of Numerical Algorithms, 1.14): the rounding of the inner step is divided out.
    private static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }

    private static double ExpMinusOne(double x)
    {
        var power = Math.Exp(x);
        if (power == 1)
        {
            return x;
        }

        var difference = power - 1;
        return difference == -1 ? -1 : difference * x / Math.Log(power);
    }
}
