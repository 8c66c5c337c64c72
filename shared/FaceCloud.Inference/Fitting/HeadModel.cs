using System.Numerics.Tensors;
using FaceCloud.Inference.Models;

namespace FaceCloud.Inference.Fitting;

/// <summary>A fitted head in double precision.</summary>
public sealed record HeadModel(VerifierHeadKind Kind, LogisticRegression Regression)
{
    // Photos that a single number parts without error would otherwise ask for an endless weight.
    private const double LeastRidge = 1e-6;

    /// <summary>Fits weights and bias.</summary>
    public static HeadModel Fit(VerifierHeadKind kind, LabelledPairs pairs, double ridge)
    {
        var dimension = pairs.Values[0].Length;
        var count = PairFeatures.Count(kind, dimension);
        var features = new double[pairs.Pairs.Count * count];
        for (var i = 0; i < pairs.Pairs.Count; i++)
        {
            PairFeatures.Write(kind, pairs.Values[pairs.Pairs[i].First], pairs.Values[pairs.Pairs[i].Second], features.AsSpan(i * count, count));
        }

        var regression = LogisticRegression.Fit(
            features, [.. pairs.Pairs.Select(p => p.Same)], [.. pairs.Weights], kind == VerifierHeadKind.Cosine ? LeastRidge : Math.Max(ridge, LeastRidge), fallingOnly: kind != VerifierHeadKind.Cosine);
        return new HeadModel(kind, Sane(kind, regression));
    }

    /// <summary>Keeps the weights' proportions; their factor and the bias are fitted anew.</summary>
    public HeadModel Rescale(LabelledPairs pairs)
    {
        var sums = new double[pairs.Pairs.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = Sum(pairs.Values[pairs.Pairs[i].First], pairs.Values[pairs.Pairs[i].Second]);
        }

        var scale = LogisticRegression.Fit(sums, [.. pairs.Pairs.Select(p => p.Same)], [.. pairs.Weights], LeastRidge, fallingOnly: false);
        var factor = scale.Weights[0];
        return new HeadModel(Kind, Sane(Kind, new LogisticRegression([.. Regression.Weights.Select(w => w * factor)], (Regression.Bias * factor) + scale.Bias)));
    }

    /// <summary>Σ w_k·φ_k + b: the log odds.</summary>
    public double Sum(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        Span<double> features = stackalloc double[Regression.Weights.Length];
        PairFeatures.Write(Kind, one, other, features);
        return TensorPrimitives.Dot(features, Regression.Weights) + Regression.Bias;
    }

    /// <summary>As the manifest holds it.</summary>
    public VerifierHead ToManifest(string embeddingContract, string source) => new()
    {
        Kind = Kind,
        EmbeddingContract = embeddingContract,
        Weights = [.. Regression.Weights.Select(w => (float)w)],
        Bias = Regression.Bias,
        Prior = LabelledPairs.Prior,
        Source = source,
    };

    // The manifest refuses such a head, and rightly.
    private static LogisticRegression Sane(VerifierHeadKind kind, LogisticRegression regression) =>
        (kind == VerifierHeadKind.Cosine ? regression.Weights[0] > 0 : regression.Weights.All(w => w <= 0) && regression.Weights.Any(w => w < 0))
            ? regression
            : throw new FittingException("On these photos pairs of one person are no more alike than pairs of two: no head can be fitted. Are the faces aligned, and is it the right model?");
}
