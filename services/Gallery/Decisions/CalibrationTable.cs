using FaceCloud.Inference.Models;

namespace FaceCloud.Gallery.Decisions;

/// <summary>
/// Cosine thresholds measured at false accept rates. Between two points the threshold is taken linear in log10 of the rate,
/// which is close to straight for face encoders; beyond the table the last line is continued, and flagged. A table that ends early may be
/// continued by another one's course instead: it says where the threshold is, the other how it rises from there.
/// </summary>
public sealed class CalibrationTable
{
    /// <summary>The largest float below 1: even a rate beyond measure leaves the very same photo a match.</summary>
    public static readonly float Highest = MathF.BitDecrement(1f);

    private readonly (double LogRate, double Threshold)[] _points;
    private readonly CalibrationTable? _continuation;
    private readonly double _continuationLog;

    /// <param name="points">Two or more.</param>
    /// <param name="continuation">Whose course is followed beyond the strictest point; null: the last line goes on.</param>
    /// <param name="comparisons">Comparisons of the continuation that one of this table stands for.</param>
    /// <exception cref="ArgumentException">Fewer than two rates, a rate outside 0..1, or a threshold that falls with the rate.</exception>
    public CalibrationTable(IEnumerable<CalibrationPoint> points, CalibrationTable? continuation = null, double comparisons = 1)
    {
        (_continuation, _continuationLog) = (continuation, Math.Log10(comparisons));
        var sorted = points.OrderByDescending(point => point.FalseAcceptRate).ToArray();
        if (sorted.Length < 2)
        {
            throw new ArgumentException("A calibration needs at least two points.", nameof(points));
        }

        foreach (var point in sorted)
        {
            if (!(point.FalseAcceptRate is > 0 and < 1 && point.Threshold is >= -1 and <= 1))
            {
                throw new ArgumentException("A calibration point needs a rate between 0 and 1 and a cosine of -1..1.", nameof(points));
            }
        }

        foreach (var (looser, stricter) in sorted.Zip(sorted.Skip(1)))
        {
            if (looser.FalseAcceptRate == stricter.FalseAcceptRate || stricter.Threshold < looser.Threshold)
            {
                throw new ArgumentException("A lower false accept rate needs a threshold that is not lower.", nameof(points));
            }
        }

        _points = [.. sorted.Select(point => (Math.Log10(point.FalseAcceptRate), (double)point.Threshold))];
    }

    /// <summary>The cosine at which single impostor comparisons are accepted at this rate.</summary>
    /// <param name="falseAcceptRate">Above 0, at most 1.</param>
    public (float Threshold, bool Extrapolated) At(double falseAcceptRate)
    {
        if (!(falseAcceptRate is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(falseAcceptRate), falseAcceptRate, "A false accept rate lies between 0 and 1.");
        }

        var logRate = Math.Log10(falseAcceptRate);
        var extrapolated = logRate > _points[0].LogRate || logRate < _points[^1].LogRate;
        var threshold = _continuation is { } further && logRate < _points[^1].LogRate
            ? _points[^1].Threshold + further.Line(logRate - _continuationLog) - further.Line(_points[^1].LogRate - _continuationLog)
            : Line(logRate);
        return ((float)Math.Clamp(threshold, -1, Highest), extrapolated);
    }

    private double Line(double logRate)
    {
        var right = 1;
        while (right < _points.Length - 1 && logRate < _points[right].LogRate)
        {
            right++;
        }

        var (left, stricter) = (_points[right - 1], _points[right]);
        var share = (logRate - left.LogRate) / (stricter.LogRate - left.LogRate);
        return left.Threshold + share * (stricter.Threshold - left.Threshold);
    }
}
