using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;

namespace FaceCloud.Gallery.Decisions;

/// <summary>1:1: is this the claimed person?</summary>
public static class VerificationDecision
{
    /// <summary>At or above the threshold is a match; NaN is none.</summary>
    public static VerificationOutcome Decide(float similarity, Threshold threshold) =>
        threshold.IsMet(similarity) ? VerificationOutcome.Match : VerificationOutcome.NoMatch;

    /// <summary>
    /// That both are one person's, by the head of the gallery or the model, 0..1. It does not decide: a threshold promises a rate of false accepts, a probability
    /// takes a share of honest claims for granted.
    /// </summary>
    /// <param name="model">Whose embeddings they are.</param>
    /// <param name="own">The head of the gallery's own calibration, which goes before the model's.</param>
    /// <param name="one">Unit length.</param>
    /// <param name="other">Unit length.</param>
    /// <returns>Null when there is no head, the head is of another embedding contract, or the embeddings give no number.</returns>
    public static double? Probability(EncoderModel model, VerifierHead? own, ReadOnlySpan<float> one, ReadOnlySpan<float> other) =>
        (own ?? model.Head) is { } head && head.EmbeddingContract == model.EmbeddingContract && head.Probability(one, other) is var probability && double.IsFinite(probability)
            ? probability
            : null;
}
