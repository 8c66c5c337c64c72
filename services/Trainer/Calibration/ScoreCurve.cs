using System.Globalization;
using System.Text;

namespace FaceCloud.Trainer.Calibration;

/// <summary>Both error rates over the threshold.</summary>
public sealed class ScoreCurve
{
    private const int BinsPerRow = 10;

    private readonly double[] _falseAccepts;
    private readonly double[] _trueAccepts;

    public ScoreCurve(ScoreHistogram genuine, ScoreHistogram impostors)
    {
        (_trueAccepts, _falseAccepts) = (genuine.ShareFrom(), impostors.ShareFrom());
        var (area, closest) = (0.0, double.MaxValue);
        for (var bin = 0; bin < ScoreHistogram.Bins; bin++)
        {
            // Genuine share above an impostor of this step; those in the same step count half.
            area += (_falseAccepts[bin] - _falseAccepts[bin + 1]) * (_trueAccepts[bin] + _trueAccepts[bin + 1]) / 2;
            var gap = Math.Abs(_falseAccepts[bin] - (1 - _trueAccepts[bin]));
            if (gap < closest)
            {
                closest = gap;
                EqualErrorRate = (_falseAccepts[bin] + 1 - _trueAccepts[bin]) / 2;
            }
        }

        AreaUnderCurve = area;
    }

    /// <summary>Chance that a genuine pair scores above an impostor pair.</summary>
    public double AreaUnderCurve { get; }

    /// <summary>Where false accepts and false rejects are equally frequent.</summary>
    public double EqualErrorRate { get; }

    /// <summary>(threshold, false accept rate, true accept rate) by rising threshold, every 0.001, as long as anything changes.</summary>
    public IEnumerable<(double Threshold, double FalseAcceptRate, double TrueAcceptRate)> Rows()
    {
        for (var bin = 0; bin < ScoreHistogram.Bins; bin += BinsPerRow)
        {
            var next = Math.Min(bin + BinsPerRow, ScoreHistogram.Bins);
            if (_falseAccepts[bin] != _falseAccepts[next] || _trueAccepts[bin] != _trueAccepts[next])
            {
                yield return (ScoreHistogram.Edge(bin), _falseAccepts[bin], _trueAccepts[bin]);
            }
        }
    }

    public string ToCsv()
    {
        var csv = new StringBuilder("threshold,false_accept_rate,true_accept_rate\n");
        foreach (var (threshold, falseAccepts, trueAccepts) in Rows())
        {
            csv.Append(CultureInfo.InvariantCulture, $"{threshold:0.000},{falseAccepts:0.########},{trueAccepts:0.######}\n");
        }

        return csv.ToString();
    }
}
