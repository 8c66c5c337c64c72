using System.Numerics.Tensors;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Evaluation;

/// <summary>Runs an encoder over the photos of labelled pairs and scores it.</summary>
public static class PairEvaluation
{
    private const int Batch = 64;

    /// <param name="encode">float32[n,112,112,3] photos (RGB, (x − 127.5) / 127.5) and their number in, embeddings side by side out; any length.</param>
    /// <param name="pairs">What to score.</param>
    /// <param name="pixels">The photos.</param>
    /// <param name="flip">Adds the embedding of the mirrored photo: a little better, twice the work.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public static VerificationScores Run(
        Func<float[], int, float[]> encode,
        VerificationPairs pairs,
        PixelCache pixels,
        bool flip,
        CancellationToken cancellationToken)
    {
        var plain = new Augmenter(AugmentationOptions.None);
        var mirrored = new Augmenter(AugmentationOptions.None with { Flip = 1 });
        var place = pairs.Rows.Select((row, i) => (row, i)).ToDictionary(p => p.row, p => p.i);
        var embeddings = new float[pairs.Rows.Length][];
        for (var start = 0; start < pairs.Rows.Length; start += Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Batch, pairs.Rows.Length - start);
            var sum = Encode(plain, start, count);
            if (flip)
            {
                TensorPrimitives.Add(sum, Encode(mirrored, start, count), sum);
            }

            var dimension = sum.Length / count;
            for (var i = 0; i < count; i++)
            {
                var embedding = sum.AsSpan(i * dimension, dimension);
                TensorPrimitives.Divide(embedding, Math.Max(1e-12f, TensorPrimitives.Norm(embedding)), embedding);
                embeddings[start + i] = embedding.ToArray();
            }
        }

        var (same, different) = (new List<float>(), new List<float>());
        foreach (var pair in pairs.Pairs)
        {
            (pair.Same ? same : different).Add(TensorPrimitives.Dot(embeddings[place[pair.First]], embeddings[place[pair.Second]]));
        }

        return VerificationScores.From(same, different);

        float[] Encode(Augmenter augmenter, int start, int count)
        {
            var photos = new float[count * Augmenter.Length];
            for (var i = 0; i < count; i++)
            {
                augmenter.Apply(pixels.Pixels(pairs.Rows[start + i]), default, photos.AsSpan(i * Augmenter.Length, Augmenter.Length));
            }

            return encode(photos, count);
        }
    }
}
