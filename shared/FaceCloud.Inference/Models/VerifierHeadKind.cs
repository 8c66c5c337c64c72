namespace FaceCloud.Inference.Models;

/// <summary>What a verifier head looks at in two unit-length embeddings f and g; <see cref="PairFeatures"/> computes it.</summary>
public enum VerifierHeadKind
{
    /// <summary>One number, f·g: Platt's scaling of the similarity.</summary>
    Cosine = 1,

    /// <summary>|f_k − g_k|.</summary>
    AbsoluteDifference = 2,

    /// <summary>(f_k − g_k)².</summary>
    SquaredDifference = 3,

    /// <summary>(f_k − g_k)² / (|f_k| + |g_k|).</summary>
    ChiSquared = 4,
}
