namespace FaceCloud.Gallery.Decisions;

/// <summary>1:K: who of the enrolled is this, or nobody?</summary>
public static class IdentificationDecision
{
    /// <summary>
    /// Nobody at or above the threshold: not recognized. Two persons there closer than the margin: ambiguous,
    /// since naming the first would be a guess. NaN is below every threshold.
    /// </summary>
    /// <param name="similarities">Of different persons, in any order.</param>
    /// <param name="threshold">Of the search.</param>
    /// <param name="ambiguityMargin">Cosine; 0: never ambiguous.</param>
    public static IdentificationOutcome Decide(IEnumerable<float> similarities, Threshold threshold, float ambiguityMargin)
    {
        var accepted = similarities.Where(threshold.IsMet).OrderDescending().Take(2).ToArray();
        return accepted switch
        {
            [] => IdentificationOutcome.NotRecognized,
            [var best, var second] when best - second < ambiguityMargin => IdentificationOutcome.Ambiguous,
            _ => IdentificationOutcome.Recognized,
        };
    }
}
