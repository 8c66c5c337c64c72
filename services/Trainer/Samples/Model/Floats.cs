using System.Runtime.InteropServices;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>Arrays of numbers in a stream, as they lie in memory.</summary>
internal static class Floats
{
    public static float[] Read(BinaryReader reader, int count)
    {
        var values = new float[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public static void Write(BinaryWriter writer, ReadOnlySpan<float> values) => writer.Write(MemoryMarshal.AsBytes(values));
}
