using System.Numerics.Tensors;

namespace FaceCloud.Accuracy.Cropping;

/// <summary>How well embeddings tell persons apart: all pairs, and the nearest of one enrolled photo each.</summary>
internal sealed record PairScores(int Genuine, int Impostor, double EqualErrorRate, double TrueAcceptsAt1E2, double TrueAcceptsAt1E3, int Rank1, int Probes)
{
    /// <param name="embeddings">Unit length; the first of a person is the enrolled one.</param>
    public static PairScores Of(IReadOnlyList<(string Person, float[] Embedding)> embeddings)
    {
        var (genuine, impostor) = (new List<float>(), new List<float>());
        for (var i = 0; i < embeddings.Count; i++)
        {
            for (var j = i + 1; j < embeddings.Count; j++)
            {
                (embeddings[i].Person == embeddings[j].Person ? genuine : impostor).Add(TensorPrimitives.Dot(embeddings[i].Embedding, embeddings[j].Embedding));
            }
        }

        genuine.Sort();
        impostor.Sort();
        var enrolled = embeddings.GroupBy(e => e.Person).Select(group => group.First()).ToArray();
        var probes = embeddings.Except(enrolled).ToArray();
        var rank1 = probes.Count(probe => enrolled.MaxBy(e => TensorPrimitives.Dot(e.Embedding, probe.Embedding)).Person == probe.Person);
        return new PairScores(genuine.Count, impostor.Count, EqualErrors(genuine, impostor), Accepts(genuine, impostor, 1e-2), Accepts(genuine, impostor, 1e-3), rank1, probes.Length);
    }

    private static double Accepts(List<float> genuine, List<float> impostor, double rate)
    {
        var threshold = impostor[impostor.Count - 1 - (int)(impostor.Count * rate)];
        return genuine.Count(score => score > threshold) / (double)genuine.Count;
    }

    private static double EqualErrors(List<float> genuine, List<float> impostor)
    {
        var (low, best) = (0, 1.0);
        foreach (var (threshold, rejected) in genuine.Select((score, i) => (score, i)))
        {
            while (low < impostor.Count && impostor[low] < threshold)
            {
                low++;
            }

            best = Math.Min(best, Math.Max(rejected / (double)genuine.Count, (impostor.Count - low) / (double)impostor.Count));
        }

        return best;
    }
}
