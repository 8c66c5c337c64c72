using System.Numerics.Tensors;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>Persons grouped by how alike an encoder finds them (k-means on the sphere): groups of one sex, age and origin, mostly.</summary>
public static class KindsOfPeople
{
    private const int Rounds = 20;

    /// <param name="embeddings">Unit length, one a person.</param>
    /// <param name="count">Groups wanted; a group that runs empty is left out.</param>
    /// <param name="seed">Same seed, same groups.</param>
    public static IReadOnlyList<int[]> Group(float[][] embeddings, int count, int seed)
    {
        var random = new GaussianRandom(seed, 21);
        var centres = Enumerable.Range(0, count).Select(_ => (float[])embeddings[random.Below(embeddings.Length)].Clone()).ToArray();
        var groupOf = new int[embeddings.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < embeddings.Length; i++)
            {
                groupOf[i] = Enumerable.Range(0, count).MaxBy(c => TensorPrimitives.Dot(embeddings[i], centres[c]));
            }

            for (var c = 0; c < count; c++)
            {
                var mean = new float[centres[c].Length];
                foreach (var (embedding, _) in embeddings.Zip(groupOf).Where(e => e.Second == c))
                {
                    TensorPrimitives.Add(mean, embedding, mean);
                }

                var norm = TensorPrimitives.Norm(mean);
                if (norm > 0)
                {
                    TensorPrimitives.Divide(mean, norm, centres[c]);
                }
            }
        }

        return [.. Enumerable.Range(0, count).Select(c => Enumerable.Range(0, groupOf.Length).Where(i => groupOf[i] == c).ToArray()).Where(g => g.Length > 0)];
    }
}
