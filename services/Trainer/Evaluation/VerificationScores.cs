namespace FaceCloud.Trainer.Evaluation;

/// <summary>How well similarities part pairs of one person from pairs of two.</summary>
/// <param name="Accuracy">Best share of pairs judged rightly over all thresholds, chosen on these very pairs.</param>
/// <param name="Threshold">The similarity that gives it.</param>
/// <param name="EqualErrorRate">Where false accepts and false rejects are equally frequent.</param>
/// <param name="TrueAcceptsAt1E2">Share of same pairs accepted where 1 in 100 different pairs is.</param>
/// <param name="TrueAcceptsAt1E3">The same at 1 in 1000.</param>
public sealed record VerificationScores(double Accuracy, double Threshold, double EqualErrorRate, double TrueAcceptsAt1E2, double TrueAcceptsAt1E3)
{
    public static VerificationScores From(IReadOnlyList<float> same, IReadOnlyList<float> different)
    {
        if (same.Count == 0 || different.Count == 0)
        {
            throw new ArgumentException("Pairs of one person and of two persons are both needed.");
        }

        var genuine = same.Order().ToArray();
        var impostor = different.Order().ToArray();
        var (accuracy, threshold) = (0.0, 0.0);
        var (equalError, smallestGap) = (1.0, double.MaxValue);
        foreach (var candidate in genuine.Concat(impostor).Distinct())
        {
            var accepted = genuine.Length - Below(genuine, candidate);
            var refused = Below(impostor, candidate);
            var right = (double)(accepted + refused) / (genuine.Length + impostor.Length);
            if (right > accuracy)
            {
                (accuracy, threshold) = (right, candidate);
            }

            var falseRejects = 1 - ((double)accepted / genuine.Length);
            var falseAccepts = 1 - ((double)refused / impostor.Length);
            if (Math.Abs(falseRejects - falseAccepts) < smallestGap)
            {
                smallestGap = Math.Abs(falseRejects - falseAccepts);
                equalError = (falseRejects + falseAccepts) / 2;
            }
        }

        return new VerificationScores(accuracy, threshold, equalError, TrueAccepts(genuine, impostor, 1e-2), TrueAccepts(genuine, impostor, 1e-3));
    }

    /// <summary>Share of same pairs above the lowest threshold that lets through at most the given share of different pairs.</summary>
    private static double TrueAccepts(float[] genuine, float[] impostor, double falseAcceptRate)
    {
        var allowed = (int)Math.Floor(falseAcceptRate * impostor.Length);
        // Accepted is what lies above the first impostor that must be refused.
        var bar = impostor[impostor.Length - 1 - allowed];
        return (double)genuine.Count(s => s > bar) / genuine.Length;
    }

    /// <summary>How many of the ascending values are smaller.</summary>
    private static int Below(float[] ascending, float value)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ascending[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
