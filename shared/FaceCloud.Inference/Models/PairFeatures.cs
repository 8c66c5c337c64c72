namespace FaceCloud.Inference.Models;

/// <summary>The numbers a verifier head weighs, of two embeddings f and g. All are symmetric in f and g.</summary>
public static class PairFeatures
{
    /// <summary>How many numbers two embeddings of this dimension give.</summary>
    public static int Count(VerifierHeadKind kind, int dimension) => kind == VerifierHeadKind.Cosine ? 1 : dimension;

    /// <summary>Writes them.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="one">f, float32[D], unit length.</param>
    /// <param name="other">g, float32[D], unit length.</param>
    /// <param name="features">float64[<see cref="Count"/>].</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    /// <remarks>
    /// χ² compares histograms (Taigman et al. 2014 apply it to activations that are never negative), but numbers of an embedding have signs,
    /// and |f_k + g_k| below the line explodes where they differ. So each number is taken for two histogram cells, its positive and
    /// its negative part. χ² over both comes to (f_k − g_k)² / (|f_k| + |g_k|) for equal signs and to |f_k| + |g_k| for opposite ones, which is the same
    /// expression. It is 0 for equal numbers (0/0 counts as 0), never above |f_k − g_k|, and Taigman's for numbers that are not negative.
    /// </remarks>
    public static void Write(VerifierHeadKind kind, ReadOnlySpan<float> one, ReadOnlySpan<float> other, Span<double> features)
    {
        if (one.Length != other.Length || features.Length != Count(kind, one.Length))
        {
            throw new ArgumentException($"Embeddings of {one.Length} and {other.Length} numbers into {features.Length} features of kind {kind}.", nameof(features));
        }

        switch (kind)
        {
            case VerifierHeadKind.Cosine:
                var cosine = 0d;
                for (var k = 0; k < one.Length; k++)
                {
                    cosine += (double)one[k] * other[k];
                }

                features[0] = cosine;
                break;
            case VerifierHeadKind.AbsoluteDifference:
                for (var k = 0; k < one.Length; k++)
                {
                    features[k] = Math.Abs((double)one[k] - other[k]);
                }

                break;
            case VerifierHeadKind.SquaredDifference:
                for (var k = 0; k < one.Length; k++)
                {
                    var difference = (double)one[k] - other[k];
                    features[k] = difference * difference;
                }

                break;
            case VerifierHeadKind.ChiSquared:
                for (var k = 0; k < one.Length; k++)
                {
                    var difference = (double)one[k] - other[k];
                    var sum = Math.Abs((double)one[k]) + Math.Abs((double)other[k]);
                    features[k] = sum == 0 ? 0 : difference * difference / sum;
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of verifier head.");
        }
    }
}
