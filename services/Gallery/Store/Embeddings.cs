using System.Numerics.Tensors;

namespace FaceCloud.Gallery.Store;

/// <summary>Embeddings as compared: unit length.</summary>
public static class Embeddings
{
    /// <summary>A copy of unit length; null when the values have no direction: empty, zero, NaN or infinity.</summary>
    public static float[]? Normalized(ReadOnlySpan<float> values)
    {
        // Scaled by the largest value first: squares of very large or very small values would leave float's range.
        var largest = values.IsEmpty ? 0 : TensorPrimitives.MaxMagnitude(values);
        if (!float.IsFinite(largest) || largest == 0)
        {
            return null;
        }

        var unit = new float[values.Length];
        TensorPrimitives.Divide(values, MathF.Abs(largest), unit);
        TensorPrimitives.Divide(unit, TensorPrimitives.Norm(unit), unit);
        return unit;
    }
}
