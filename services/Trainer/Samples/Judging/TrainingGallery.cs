using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>All crops the model could have learned from, as one encoder sees them: to show that a sample is none of them.</summary>
public sealed class TrainingGallery
{
    // A teacher's embeddings may add the mirrored crop's: hence not 1.
    private const float SameEncoder = 0.9f;
    private const int Compared = 32;
    private const int Batch = 32;
    private const int LogEvery = 10_000;

    private readonly float[] _embeddings;
    private readonly int _dimension;

    public TrainingGallery(float[] embeddings, int dimension) => (_embeddings, _dimension) = (embeddings, dimension);

    /// <summary>Crops in it.</summary>
    public int Count => _embeddings.Length / _dimension;

    /// <summary>The embedding of a row.</summary>
    public ReadOnlySpan<float> this[int row] => _embeddings.AsSpan(row * _dimension, _dimension);

    /// <summary>
    /// Encodes all crops, once: the result is kept beside the pixels. Where a teacher's embeddings are plainly this encoder's own, they serve.
    /// </summary>
    public static TrainingGallery Open(
        SampleEncoder encoder,
        PixelCache pixels,
        IFaceSource source,
        TeacherEmbeddings? teacher,
        string folder,
        Action<string> log,
        CancellationToken cancellationToken)
    {
        var count = source.Faces.Count;
        var path = Path.Combine(folder, $"{source.Fingerprint}-{encoder.Fingerprint}.embeddings");
        var dimension = encoder.Encode(pixels.Pixels(0)).Length;
        var embeddings = new float[count * dimension];
        if (teacher is not null && Agreement(encoder, pixels, teacher, count) > SameEncoder)
        {
            for (var row = 0; row < count; row++)
            {
                teacher.CopyTo(row, embeddings.AsSpan(row * dimension, dimension));
            }

            return new TrainingGallery(embeddings, dimension);
        }

        if (File.Exists(path) && new FileInfo(path).Length == (long)embeddings.Length * sizeof(float))
        {
            using var stream = File.OpenRead(path);
            stream.ReadExactly(MemoryMarshal.AsBytes(embeddings.AsSpan()));
            return new TrainingGallery(embeddings, dimension);
        }

        for (var row = 0; row < count; row += Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            encoder.EncodeAll(pixels, row, Math.Min(Batch, count - row)).CopyTo(embeddings, row * dimension);
            if (row / LogEvery != (row + Batch) / LogEvery)
            {
                log($"{encoder.Name}: {row + Batch} of {count} crops encoded");
            }
        }

        var temporary = path + ".tmp";
        File.WriteAllBytes(temporary, MemoryMarshal.AsBytes(embeddings.AsSpan()));
        File.Move(temporary, path, overwrite: true);
        return new TrainingGallery(embeddings, dimension);
    }

    /// <summary>The greatest similarity to any crop, and its row.</summary>
    public (float Similarity, int Row) Nearest(ReadOnlySpan<float> embedding) => Nearest(embedding, _ => true);

    /// <summary>The greatest similarity to a crop of some of the rows, and its row.</summary>
    public (float Similarity, int Row) Nearest(ReadOnlySpan<float> embedding, Func<int, bool> included)
    {
        var best = (Similarity: float.NegativeInfinity, Row: -1);
        for (var row = 0; row < Count; row++)
        {
            if (!included(row))
            {
                continue;
            }

            var similarity = TensorPrimitives.Dot(this[row], embedding);
            if (similarity > best.Similarity)
            {
                best = (similarity, row);
            }
        }

        return best;
    }

    /// <summary>For comparison: the greatest similarities of held-out persons' crops to crops of others, ascending.</summary>
    /// <param name="faces">The rows.</param>
    /// <param name="most">Crops to ask, evenly spread.</param>
    public IReadOnlyList<float> HeldOut(IReadOnlyList<FaceRecord> faces, int most)
    {
        var rows = Enumerable.Range(0, Count).Where(row => faces[row].Split == FaceSplit.Validation).ToArray();
        var step = Math.Max(1, rows.Length / Math.Max(1, most));
        return [.. rows.Where((_, i) => i % step == 0).Select(row => Nearest(this[row], other => faces[other].Split == FaceSplit.Train).Similarity).Order()];
    }

    private static float Agreement(SampleEncoder encoder, PixelCache pixels, TeacherEmbeddings teacher, int count)
    {
        var sum = 0f;
        var of = Math.Min(Compared, count);
        for (var row = 0; row < of; row++)
        {
            var own = encoder.Encode(pixels.Pixels(row));
            if (own.Length != teacher.Dimension)
            {
                return 0;
            }

            var taught = new float[own.Length];
            teacher.CopyTo(row, taught);
            sum += TensorPrimitives.Dot<float>(own, taught);
        }

        return sum / of;
    }
}
