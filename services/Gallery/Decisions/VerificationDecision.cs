namespace FaceCloud.Gallery.Decisions;

/// <summary>1:1: is this the claimed person?</summary>
public static class VerificationDecision
{
    /// <summary>At or above the threshold is a match; NaN is none.</summary>
    public static VerificationOutcome Decide(float similarity, Threshold threshold) =>
        threshold.IsMet(similarity) ? VerificationOutcome.Match : VerificationOutcome.NoMatch;
}
