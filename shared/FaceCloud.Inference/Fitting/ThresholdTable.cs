using System.Globalization;

namespace FaceCloud.Inference.Fitting;

/// <summary>
/// Thresholds at false accept rates, each with its interval, and whether it may be relied on. It may where (1) ten or more false accepts are
/// expected, since a threshold set by the few highest of all pairs is set by chance; (2) they come from ten or more pairs of persons, since
/// one wrong label or one pair of twins must not set it; (3) the interval is no wider than 0.1.
/// </summary>
public static class ThresholdTable
{
    /// <summary>Rule 1: false accepts expected at the rate.</summary>
    public const int LeastFalseAccepts = 10;

    /// <summary>Rule 2: pairs of persons that these come from.</summary>
    public const int LeastPersonPairs = 10;

    /// <summary>Rule 3: width of the threshold's interval, cosine.</summary>
    public const double WidestInterval = 0.1;

    /// <summary>The rates of a model's table.</summary>
    public static readonly IReadOnlyList<double> Decades = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

    /// <summary>The rates that can be measured, and the first that cannot, with the reason.</summary>
    /// <param name="scores">Comparisons of persons that are known.</param>
    /// <param name="rates">Falling, each between 0 and 1.</param>
    /// <param name="bootstrap">Of the intervals.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<OperatingPoint> Measure(
        ComparisonScores scores, IReadOnlyList<double> rates, PersonBootstrap bootstrap, CancellationToken cancellationToken)
    {
        var points = MeasureAll(scores, rates, bootstrap, cancellationToken);
        return [.. points.Take(points.TakeWhile(point => point.Refusal is null).Count() + 1)];
    }

    /// <summary>Every rate, also those that cannot be measured, with the reason.</summary>
    /// <param name="scores">Comparisons of persons that are known.</param>
    /// <param name="rates">Falling, each between 0 and 1.</param>
    /// <param name="bootstrap">Of the intervals.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<OperatingPoint> MeasureAll(
        ComparisonScores scores, IReadOnlyList<double> rates, PersonBootstrap bootstrap, CancellationToken cancellationToken)
    {
        var thresholds = rates.Select(_ => new List<double>(bootstrap.Resamples)).ToArray();
        var accepts = rates.Select(_ => new List<double>(bootstrap.Resamples)).ToArray();
        foreach (var times in bootstrap.Draw(scores.Persons))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var resampled = Thresholds(scores, rates, times);
            var shares = TrueAccepts(scores, times, resampled);
            for (var i = 0; i < rates.Count; i++)
            {
                thresholds[i].Add(resampled[i]);
                accepts[i].Add(shares[i]);
            }
        }

        var once = Enumerable.Repeat(1, scores.Persons).ToArray();
        var measured = Thresholds(scores, rates, once).Select(RoundUp).ToArray();
        var trueAccepts = TrueAccepts(scores, once, [.. measured.Select(t => (double)t)]);
        var points = new List<OperatingPoint>();
        for (var i = 0; i < rates.Count; i++)
        {
            var accepted = scores.Impostors.TakeWhile(pair => pair.Similarity >= measured[i]).ToList();
            var point = new OperatingPoint
            {
                FalseAcceptRate = rates[i],
                Threshold = measured[i],
                ThresholdInterval = PersonBootstrap.Middle(thresholds[i]),
                TrueAcceptRate = trueAccepts[i],
                TrueAcceptInterval = PersonBootstrap.Middle(accepts[i]),
                TrueAcceptRateOfPairs = scores.Genuine.Count == 0 ? double.NaN : (double)scores.Genuine.Count(pair => pair.Similarity >= measured[i]) / scores.Genuine.Count,
                FalseAccepts = accepted.Count,
                PersonPairs = accepted.Select(pair => Unordered(pair.First, pair.Second)).Distinct().Count(),
                Refusal = null,
            };
            points.Add(point with { Refusal = Refusal(point, scores.ImpostorCount) });
        }

        return points;
    }

    private static string? Refusal(OperatingPoint point, long pairs)
    {
        var expected = point.FalseAcceptRate * pairs;
        if (expected < LeastFalseAccepts)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"not enough impostor pairs: of {pairs:N0} this rate accepts {expected:0.#}, and {LeastFalseAccepts} are needed ({LeastFalseAccepts / point.FalseAcceptRate:N0} pairs)");
        }

        if (point.PersonPairs < LeastPersonPairs)
        {
            return $"not enough persons: the false accepts come from {point.PersonPairs} pairs of persons, and {LeastPersonPairs} are needed";
        }

        var width = point.ThresholdInterval.High - point.ThresholdInterval.Low;
        return width <= WidestInterval
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"not certain enough: the interval of the threshold is {width:0.000} wide, more than {WidestInterval}");
    }

    /// <summary>For each rate the highest impostor that must be refused; the threshold lies just above. Persons count as often as they were drawn.</summary>
    private static double[] Thresholds(ComparisonScores scores, IReadOnlyList<double> rates, int[] times)
    {
        var all = scores.ImpostorWeight(times);
        var thresholds = new double[rates.Count];
        var (next, accepted) = (rates.Count - 1, 0.0);
        foreach (var pair in scores.Impostors)
        {
            accepted += (double)times[pair.First] * times[pair.Second];
            while (next >= 0 && accepted > rates[next] * all)
            {
                thresholds[next--] = pair.Similarity;
            }

            if (next < 0)
            {
                break;
            }
        }

        // Fewer pairs than the rate lets through, or a resample of one person: the lowest that is known.
        for (; next >= 0; next--)
        {
            thresholds[next] = all > 0 ? scores.Impostors[^1].Similarity : double.NaN;
        }

        return thresholds;
    }

    /// <summary>Share of genuine weight above each threshold. Descending scores, thresholds rising with the place.</summary>
    private static double[] TrueAccepts(ComparisonScores scores, int[] times, double[] thresholds)
    {
        var above = new double[thresholds.Length];
        var all = 0.0;
        for (var i = 0; i < scores.Genuine.Count; i++)
        {
            var weight = scores.GenuineWeight[i] * times[scores.Genuine[i].First];
            all += weight;
            for (var t = 0; t < thresholds.Length && scores.Genuine[i].Similarity >= thresholds[t]; t++)
            {
                above[t] += weight;
            }
        }

        return [.. above.Select(weight => all == 0 ? double.NaN : weight / all)];
    }

    /// <summary>The next four-digit number above, so that what is written refuses what must be refused.</summary>
    private static float RoundUp(double threshold)
    {
        var rounded = (float)(Math.Ceiling(threshold * 1e4) / 1e4);
        return rounded > threshold ? rounded : (float)((Math.Ceiling(threshold * 1e4) + 1) / 1e4);
    }

    private static (int, int) Unordered(int one, int other) => (Math.Min(one, other), Math.Max(one, other));
}
