using System.Text.Json.Serialization;

namespace FaceCloud.Inference.Models;

/// <summary>
/// Verification as binary classification (Taigman et al. 2014): the probability that two faces are one person's,
/// σ(Σ w_k·φ_k + b) over <see cref="PairFeatures"/> φ. It is calibrated for one claim about one person, of which the share
/// <see cref="Prior"/> is true; it says nothing about a search of many persons.
/// </summary>
public sealed record VerifierHead
{
    public required VerifierHeadKind Kind { get; init; }

    /// <summary>Of the embeddings it was fitted on; for those of any other model it is meaningless.</summary>
    public required string EmbeddingContract { get; init; }

    /// <summary>
    /// w: one for a cosine, above 0; else one a number of the embedding, none above 0. So a pair that is closer in every number is never less
    /// probable, and no pair is more probable than a face and itself.
    /// </summary>
    [JsonConverter(typeof(VerifierHeadWeights))]
    public required IReadOnlyList<float> Weights { get; init; }

    /// <summary>b.</summary>
    public required double Bias { get; init; }

    /// <summary>Share of the pairs of one person that the probability assumes, 0..1 both exclusive.</summary>
    public required double Prior { get; init; }

    /// <summary>What it was fitted and measured on.</summary>
    public required string Source { get; init; }

    /// <summary>Probability, 0..1, that both are one person's; NaN when an element is NaN.</summary>
    /// <param name="one">float32[D], unit length.</param>
    /// <param name="other">float32[D], unit length.</param>
    /// <exception cref="ArgumentException">Embeddings of another dimension.</exception>
    public double Probability(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        Span<double> features = stackalloc double[Weights.Count];
        PairFeatures.Write(Kind, one, other, features);
        var sum = Bias;
        for (var k = 0; k < features.Length; k++)
        {
            sum += Weights[k] * features[k];
        }

        return 1 / (1 + Math.Exp(-sum));
    }

    /// <summary>What is wrong with it, naming the field; null when nothing is.</summary>
    /// <param name="dimension">Of the encoder's embeddings.</param>
    internal string? Complaint(int dimension)
    {
        if (!Enum.IsDefined(Kind))
        {
            return "head.kind: must be cosine, absoluteDifference, squaredDifference or chiSquared.";
        }

        if (string.IsNullOrWhiteSpace(EmbeddingContract))
        {
            return "head.embeddingContract: must say whose embeddings it was fitted on.";
        }

        var count = PairFeatures.Count(Kind, dimension);
        if (Weights.Count != count || !Weights.All(float.IsFinite))
        {
            return $"head.weights: must be {count} finite numbers for this kind and dimension.";
        }

        if (Kind == VerifierHeadKind.Cosine ? Weights[0] <= 0 : Weights.Any(weight => weight > 0) || Weights.All(weight => weight == 0))
        {
            return "head.weights: a cosine's must be above 0, those of differences 0 or below and not all 0, or more alike would be less probable.";
        }

        if (!double.IsFinite(Bias))
        {
            return "head.bias: must be a finite number.";
        }

        if (!(Prior is > 0 and < 1))
        {
            return "head.prior: must lie between 0 and 1.";
        }

        return string.IsNullOrWhiteSpace(Source) ? "head.source: must say what it was fitted on." : null;
    }
}
