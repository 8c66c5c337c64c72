using System.Runtime.InteropServices;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Data;

/// <summary>A teacher's unit-length embeddings, one a row of the source: little-endian float16, row-major.</summary>
public sealed class TeacherEmbeddings
{
    private readonly Half[] _values;

    private TeacherEmbeddings(Half[] values, int dimension) => (_values, Dimension) = (values, dimension);

    public int Dimension { get; }

    public static TeacherEmbeddings Load(string path, int rows)
    {
        if (!File.Exists(path))
        {
            throw new TrainerException($"There is no file {path} with the teacher's embeddings; name it with --teacher or train without distillation (--distillation 0).");
        }

        var bytes = File.ReadAllBytes(path);
        if (rows == 0 || bytes.Length % (rows * 2) != 0 || bytes.Length == 0)
        {
            throw new TrainerException($"{path} holds {bytes.Length} bytes, which is not {rows} embeddings of one length in float16.");
        }

        return new TeacherEmbeddings(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), bytes.Length / rows / 2);
    }

    public void CopyTo(int row, Span<float> target)
    {
        var source = _values.AsSpan(row * Dimension, Dimension);
        for (var i = 0; i < Dimension; i++)
        {
            target[i] = (float)source[i];
        }
    }
}
