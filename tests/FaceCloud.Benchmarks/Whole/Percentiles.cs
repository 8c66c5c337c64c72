using System.Globalization;

namespace FaceCloud.Benchmarks.Whole;

/// <summary>Median, 95th percentile (nearest rank) and mean of some milliseconds.</summary>
internal readonly record struct Percentiles(double P50, double P95, double Mean)
{
    public static Percentiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Percentiles(At(0.50), At(0.95), sorted.Average());

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{P50:0.00} / {P95:0.00}");
}
