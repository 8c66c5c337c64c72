using System.Buffers.Binary;
using System.Numerics.Tensors;

namespace FaceCloud.Gallery.Store;

/// <summary>Embeddings as stored and sent: float32 little-endian.</summary>
public static class Embeddings
{
    public static byte[] ToBytes(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    /// <exception cref="ArgumentException">The length is not a multiple of four.</exception>
    public static float[] ToFloats(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            throw new ArgumentException("An embedding's bytes must be whole float32 values.", nameof(bytes));
        }

        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return values;
    }

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
