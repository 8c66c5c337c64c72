using System.Numerics.Tensors;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Evaluation;

/// <summary>Scores an encoder where the first photo of a pair is good and the second is worse, as at a door.</summary>
public static class ConditionEvaluation
{
    private const int Batch = 64;

    /// <param name="encode">See <see cref="PairEvaluation.Run"/>.</param>
    /// <param name="pairs">What to score; the second photo is the probe.</param>
    /// <param name="pixels">The photos.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <returns>One for each of <see cref="PhotoCondition.All"/>, all at the threshold that accepts one in 100 different pairs of unchanged photos.</returns>
    public static IReadOnlyList<ConditionScores> Run(Func<float[], int, float[]> encode, VerificationPairs pairs, PixelCache pixels, CancellationToken cancellationToken)
    {
        var place = pairs.Rows.Select((row, i) => (row, i)).ToDictionary(p => p.row, p => p.i);
        var plain = Embed(AugmentationOptions.None);
        var threshold = float.NaN;
        var scores = new List<ConditionScores>();
        foreach (var condition in PhotoCondition.All)
        {
            var changed = Embed(condition.Change);
            var (same, different) = (new List<float>(), new List<float>());
            foreach (var pair in pairs.Pairs)
            {
                (pair.Same ? same : different).Add(TensorPrimitives.Dot(plain[place[pair.First]], changed[place[pair.Second]]));
            }

            if (float.IsNaN(threshold))
            {
                different.Sort();
                threshold = different[different.Count - 1 - (int)(different.Count * 1e-2)];
            }

            scores.Add(new ConditionScores(
                condition,
                same.Count(s => s > threshold) / (double)same.Count,
                different.Count(s => s > threshold) / (double)different.Count,
                VerificationScores.From(same, different).EqualErrorRate));
        }

        return scores;

        float[][] Embed(AugmentationOptions change)
        {
            var augmenter = new Augmenter(change);
            var embeddings = new float[pairs.Rows.Length][];
            for (var start = 0; start < pairs.Rows.Length; start += Batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = Math.Min(Batch, pairs.Rows.Length - start);
                var photos = new float[count * Augmenter.Length];
                for (var i = 0; i < count; i++)
                {
                    augmenter.Apply(pixels.Pixels(pairs.Rows[start + i]), new SmallRandom(1, pairs.Rows[start + i], 0), photos.AsSpan(i * Augmenter.Length, Augmenter.Length));
                }

                var encoded = encode(photos, count);
                var dimension = encoded.Length / count;
                for (var i = 0; i < count; i++)
                {
                    var embedding = encoded.AsSpan(i * dimension, dimension);
                    TensorPrimitives.Divide(embedding, Math.Max(1e-12f, TensorPrimitives.Norm(embedding)), embedding);
                    embeddings[start + i] = embedding.ToArray();
                }
            }

            return embeddings;
        }
    }
}
