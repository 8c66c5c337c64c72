using System.Numerics.Tensors;

namespace FaceCloud.Numerics;

public static partial class Vectors
{
    /// <summary>
    /// sum((x_i - y_i)²), the d of FaceNet (Schroff et al. 2015); 2 - 2 * cosine for unit-length vectors, and exactly 0
    /// for equal ones. Smaller = more alike. 0 for empty vectors; NaN when an element is NaN.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ThrowIfLengthsDiffer(x.Length, y.Length);
        if (x.IsEmpty)
        {
            return 0;
        }

        var distance = TensorPrimitives.Distance(x, y);
        return distance * distance;
    }
}
