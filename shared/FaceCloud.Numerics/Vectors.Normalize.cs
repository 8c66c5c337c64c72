using System.Numerics.Tensors;

namespace FaceCloud.Numerics;

public static partial class Vectors
{
    /// <summary>
    /// x_i / sqrt(sum(x_i²)), in place: the vector has length 1 afterwards (within 1e-6). Also for elements so large or small
    /// that their squares leave float32.
    /// </summary>
    /// <returns>
    /// False, and the vector as it was, when it has no direction: empty, all zero, or with NaN or infinity in it.
    /// </returns>
    public static bool Normalize(Span<float> x)
    {
        if (x.IsEmpty || !IsFinite(x))
        {
            return false;
        }

        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(x));
        if (largest == 0)
        {
            return false;
        }

        // Squares of these stay well inside the range of normal floats; anything else is brought there first.
        if (largest is < 1e-12f or > 1e12f)
        {
            // Twice, since 1 / largest itself may be infinite.
            var root = MathF.Sqrt(largest);
            TensorPrimitives.Divide(x, root, x);
            TensorPrimitives.Divide(x, root, x);
        }

        TensorPrimitives.Divide(x, TensorPrimitives.Norm<float>(x), x);
        return true;
    }
}
