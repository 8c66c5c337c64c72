using System.Numerics.Tensors;

namespace FaceCloud.Numerics;

/// <summary>Kernels on float32 vectors: spans in and out, nothing allocated. Lengths may be anything, also 0.</summary>
public static partial class Vectors
{
    /// <summary>Whether no element is NaN or infinite. True for an empty vector.</summary>
    public static bool IsFinite(ReadOnlySpan<float> x) => x.IsEmpty || TensorPrimitives.IsFiniteAll(x);
}
