using System.Numerics.Tensors;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Fitting;

namespace FaceCloud.Gallery.Calibration;

/// <summary>Persons of a gallery with their faces, and what comparing them gives.</summary>
/// <param name="persons">Each with one face or more.</param>
/// <param name="rule">Of the gallery.</param>
public sealed class CalibrationSample(IReadOnlyList<IReadOnlyList<FaceVector>> persons, ScoringRule rule)
{
    /// <summary>Faces of a person that are looked at; more add little.</summary>
    public const int MostFaces = 20;

    public int Persons => persons.Count;

    public int Faces => persons.Sum(faces => faces.Count);

    /// <summary>Persons with two faces or more.</summary>
    public int GenuinePersons => persons.Count(faces => faces.Count > 1);

    /// <summary>What one person counts for, on average.</summary>
    public double ComparisonsEach => persons.Average(faces => rule.Comparisons(faces.Count));

    /// <summary>Float32[D] of all faces, person after person.</summary>
    public IReadOnlyList<float[]> Values => [.. persons.SelectMany(faces => faces.Select(face => face.Embedding))];

    /// <summary>The person of each of <see cref="Values"/>.</summary>
    public IReadOnlyList<int> PersonOfValue => [.. persons.SelectMany((faces, person) => faces.Select(_ => person))];

    /// <summary>
    /// Faces against persons, scored as a search would: every face, or as many of each person as <paramref name="mostImpostors"/> allows, against all
    /// faces of every other person, and against the other faces of the same person.
    /// </summary>
    public ComparisonScores Compare(int mostImpostors, CancellationToken cancellationToken)
    {
        var each = (int)Math.Clamp((long)mostImpostors / Math.Max(1L, (long)Persons * (Persons - 1)), 1, MostFaces);
        var probes = persons.Select(faces => Math.Min(faces.Count, each)).ToArray();
        var impostors = new ComparisonScore[Persons][];
        var lengths = persons.Select(faces => ScoringRule.Length(faces.Select(face => face.Embedding))).ToArray();
        Parallel.For(0, Persons, new ParallelOptions { CancellationToken = cancellationToken }, person =>
        {
            var scores = new List<ComparisonScore>(probes[person] * (Persons - 1));
            Span<float> similarities = stackalloc float[MostFaces];
            foreach (var probe in persons[person].Take(probes[person]))
            {
                for (var other = 0; other < Persons; other++)
                {
                    if (other != person)
                    {
                        var faces = persons[other];
                        for (var i = 0; i < faces.Count; i++)
                        {
                            similarities[i] = TensorPrimitives.Dot<float>(probe.Embedding, faces[i].Embedding);
                        }

                        scores.Add(new ComparisonScore(rule.Score(similarities[..faces.Count], lengths[other]), person, other));
                    }
                }
            }

            impostors[person] = [.. scores];
        });

        var (genuine, weights) = Genuine();
        var sorted = impostors.SelectMany(scores => scores).ToArray();
        Array.Sort(sorted, (one, other) => other.Similarity.CompareTo(one.Similarity));
        return new ComparisonScores
        {
            Persons = Persons,
            Genuine = genuine,
            GenuineWeight = weights,
            Impostors = sorted,
            ImpostorCount = sorted.Length,
            ImpostorWeight = times => Weight(probes, times),
        };
    }

    private (ComparisonScore[] Scores, double[] Weights) Genuine()
    {
        var found = persons
            .SelectMany((faces, person) => faces.Count < 2
                ? []
                : faces.Select(face =>
                    (new ComparisonScore(rule.Score([.. faces.Where(other => other != face)], face.Embedding).Similarity, person, person), Weight: 1.0 / faces.Count)))
            .OrderByDescending(pair => pair.Item1.Similarity)
            .ToList();
        return ([.. found.Select(pair => pair.Item1)], [.. found.Select(pair => pair.Weight)]);
    }

    // Comparisons when each person stands there so many times: their probes against everybody but themselves and their own copies.
    private static double Weight(int[] probes, int[] times)
    {
        double all = times.Sum();
        var weight = 0.0;
        for (var person = 0; person < times.Length; person++)
        {
            weight += (double)times[person] * probes[person] * (all - times[person]);
        }

        return weight;
    }
}
