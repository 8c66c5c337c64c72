using System.Globalization;

namespace FaceCloud.Accuracy;

/// <summary>Where a share probably lies, seen so many times of so many: Wilson's score interval, 95 % (E. B. Wilson 1927).</summary>
internal readonly record struct BinomialInterval(double Low, double High)
{
    // Two-sided 95 % of the normal distribution.
    private const double Z = 1.959964;

    /// <summary>NaN for no trials.</summary>
    public static BinomialInterval Of(int successes, int trials)
    {
        var share = (double)successes / trials;
        var weight = 1 + (Z * Z / trials);
        var centre = (share + (Z * Z / (2 * trials))) / weight;
        var reach = Z / weight * Math.Sqrt((share * (1 - share) / trials) + (Z * Z / (4.0 * trials * trials)));
        return new BinomialInterval(Math.Max(0, centre - reach), Math.Min(1, centre + reach));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low * 100:0.0}–{High * 100:0.0} %");
}
