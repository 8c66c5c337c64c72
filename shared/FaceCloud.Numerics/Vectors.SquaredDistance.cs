using System.Numerics;
using System.Runtime.InteropServices;

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

        // TensorPrimitives.Distance takes the root; squaring that again would lose what the root rounded away.
        var sum = 0f;
        var wideX = MemoryMarshal.Cast<float, Vector<float>>(x);
        var wideY = MemoryMarshal.Cast<float, Vector<float>>(y);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < wideX.Length; i++)
        {
            var difference = wideX[i] - wideY[i];
            sums += difference * difference;
        }

        for (var i = wideX.Length * Vector<float>.Count; i < x.Length; i++)
        {
            var difference = x[i] - y[i];
            sum += difference * difference;
        }

        return sum + Vector.Sum(sums);
    }
}
