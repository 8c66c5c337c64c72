using System.Numerics.Tensors;

namespace FaceCloud.Numerics;

public static partial class Vectors
{
    /// <summary>
    /// sum(x_i * y_i). For unit-length vectors the cosine: greater = more alike. 0 for empty vectors; NaN when an element is NaN.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float DotProduct(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ThrowIfLengthsDiffer(x.Length, y.Length);
        return TensorPrimitives.Dot(x, y);
    }

    private static void ThrowIfLengthsDiffer(int x, int y)
    {
        if (x != y)
        {
            throw new ArgumentException($"Vectors of {x} and {y} elements cannot be compared.");
        }
    }
}
