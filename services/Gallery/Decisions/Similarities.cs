using System.Numerics.Tensors;

namespace FaceCloud.Gallery.Decisions;

/// <summary>Cosine and distance of unit-length embeddings.</summary>
public static class Similarities
{
    /// <summary>Raw cosine, held within -1..1 against rounding; NaN stays NaN.</summary>
    public static float Cosine(ReadOnlySpan<float> one, ReadOnlySpan<float> other) => Held(TensorPrimitives.Dot(one, other));

    /// <summary>A dot product of unit vectors may round to slightly beyond 1.</summary>
    public static float Held(float cosine) => Math.Clamp(cosine, -1, 1);

    /// <summary>Squared L2 distance of the unit embeddings, 2 - 2 cos: 0 the same, 4 opposite.</summary>
    public static float Distance(float cosine) => 2 - 2 * cosine;
}
