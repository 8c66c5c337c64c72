using System.Numerics.Tensors;
using FaceCloud.Inference.Fitting;

namespace FaceCloud.Trainer.Heads;

/// <summary>Log odds, or raw similarities, of test pairs, sorted once so that many resamples can be scored quickly.</summary>
public sealed class TestedScores
{
    private const int Bins = 15;

    // All by falling score.
    private readonly int[] _pairs;
    private readonly float[] _scores;
    private readonly bool[] _same;
    private readonly double[] _probabilities;
    private readonly double[] _losses;
    private readonly bool _calibrated;

    /// <param name="pairs">What is tested.</param>
    /// <param name="scores">Of each pair; one person at 0 or above.</param>
    /// <param name="probabilities">Whether the scores are log odds.</param>
    public TestedScores(LabelledPairs pairs, float[] scores, bool probabilities)
    {
        _pairs = [.. Enumerable.Range(0, scores.Length)];
        _scores = [.. scores.Select(s => -s)];
        Array.Sort(_scores, _pairs);
        TensorPrimitives.Negate(_scores, _scores);
        _same = [.. _pairs.Select(pair => pairs.Pairs[pair].Same)];
        _calibrated = probabilities;
        _probabilities = [.. _scores.Select(s => 1 / (1 + Math.Exp(-s)))];
        _losses = [.. _scores.Zip(_same, (score, same) => LogisticRegression.LogOnePlusExp(same ? -score : score))];
    }

    /// <summary>Scores where each pair weighs as given; both kinds are brought to the prior.</summary>
    public HeadScores Measure(double[] weights)
    {
        var (genuine, impostor) = Factors(weights);
        var (right, loss, area) = (0.0, 0.0, 0.0);
        Span<double> excess = stackalloc double[Bins];
        excess.Clear();
        var (genuineAbove, impostorAbove) = (0.0, 0.0);
        var (at2, at3) = (0.0, 0.0);
        for (var i = 0; i < _pairs.Length;)
        {
            // Equal scores come together: none of them is above another.
            var (genuineHere, impostorHere, score) = (0.0, 0.0, _scores[i]);
            for (; i < _pairs.Length && _scores[i] == score; i++)
            {
                var weight = weights[_pairs[i]] * (_same[i] ? genuine : impostor);
                if (_same[i])
                {
                    genuineHere += weight;
                }
                else
                {
                    impostorHere += weight;
                }

                loss += weight * _losses[i];
                excess[Math.Min(Bins - 1, (int)(_probabilities[i] * Bins))] += weight * (_probabilities[i] - (_same[i] ? 1 : 0));
            }

            right += score >= 0 ? genuineHere : impostorHere;
            area += impostorHere * (genuineAbove + (genuineHere / 2));
            genuineAbove += genuineHere;
            impostorAbove += impostorHere;
            at2 = impostorAbove <= 1e-2 * (1 - LabelledPairs.Prior) ? genuineAbove : at2;
            at3 = impostorAbove <= 1e-3 * (1 - LabelledPairs.Prior) ? genuineAbove : at3;
        }

        return new HeadScores
        {
            Accuracy = right,
            LogLoss = _calibrated ? loss : double.NaN,
            CalibrationError = _calibrated ? TensorPrimitives.SumOfMagnitudes<double>(excess) : double.NaN,
            AreaUnderCurve = area / (LabelledPairs.Prior * (1 - LabelledPairs.Prior)),
            TrueAcceptsAt1E2 = at2 / LabelledPairs.Prior,
            TrueAcceptsAt1E3 = at3 / LabelledPairs.Prior,
        };
    }

    /// <summary>Bins of the probability that hold anything: what was given on average, the share that was one person, and the bin's weight.</summary>
    public IReadOnlyList<(double Given, double Seen, double Weight)> Reliability(double[] weights, int bins)
    {
        if (!_calibrated)
        {
            return [];
        }

        var (genuine, impostor) = Factors(weights);
        var (given, seen, all) = (new double[bins], new double[bins], new double[bins]);
        for (var i = 0; i < _pairs.Length; i++)
        {
            var weight = weights[_pairs[i]] * (_same[i] ? genuine : impostor);
            var bin = Math.Min(bins - 1, (int)(_probabilities[i] * bins));
            given[bin] += weight * _probabilities[i];
            seen[bin] += _same[i] ? weight : 0;
            all[bin] += weight;
        }

        return [.. Enumerable.Range(0, bins).Where(bin => all[bin] > 0).Select(bin => (given[bin] / all[bin], seen[bin] / all[bin], all[bin]))];
    }

    /// <summary>The weights of pairs when each person stands there so many times.</summary>
    public static void Weigh(LabelledPairs pairs, int[] times, double[] weights)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var (first, second, same) = pairs.Pairs[i];
            var once = times[pairs.Person[first]];
            weights[i] = pairs.Weights[i] * (same ? once : (double)once * times[pairs.Person[second]]);
        }
    }

    /// <summary>What brings the weights of each kind to the prior.</summary>
    private (double Genuine, double Impostor) Factors(double[] weights)
    {
        var (genuine, impostor) = (0.0, 0.0);
        for (var i = 0; i < _pairs.Length; i++)
        {
            (genuine, impostor) = _same[i] ? (genuine + weights[_pairs[i]], impostor) : (genuine, impostor + weights[_pairs[i]]);
        }

        return (LabelledPairs.Prior / genuine, (1 - LabelledPairs.Prior) / impostor);
    }
}
