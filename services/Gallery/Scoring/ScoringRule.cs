using System.Numerics.Tensors;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Scoring;

/// <summary>How one similarity is made of a person's several faces. Greater means more alike; the faces and the probe have unit length.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="MeanOfBest">Faces of the mean; a person with fewer is scored by all of theirs.</param>
public readonly record struct ScoringRule(PersonScoring Kind, int MeanOfBest)
{
    /// <summary>Where the mean of unit vectors is shorter than this, the faces all but cancel out, and its direction says nothing.</summary>
    public const float LeastLength = 0.05f;

    // How fast chances add up with the faces, measured on 3,000 strangers against 4,000 persons and on two encoders at the rates that
    // searches ask for (decision 7): faces to the power of this count like so many persons with one.
    private const double BestFaceGrowth = 0.85;
    private const double CentroidGrowth = 0.5;

    public static ScoringRule BestFace { get; } = new(PersonScoring.BestFace, 0);

    /// <summary>The person's similarity to the probe, -1..1.</summary>
    /// <param name="faces">One or more of one person.</param>
    /// <param name="probe">float32[dimension], unit length.</param>
    public PersonScore Score(IReadOnlyList<FaceVector> faces, float[] probe)
    {
        Span<float> similarities = faces.Count <= 64 ? stackalloc float[faces.Count] : new float[faces.Count];
        var best = 0;
        for (var i = 0; i < faces.Count; i++)
        {
            similarities[i] = Similarities.Cosine(faces[i].Embedding, probe);
            if (similarities[i] > similarities[best])
            {
                best = i;
            }
        }

        var face = faces[best];
        return new PersonScore(face, Score(similarities, Kind == PersonScoring.Centroid ? Length(faces.Select(f => f.Embedding)) : 1));
    }

    /// <summary>The same of similarities that are known.</summary>
    /// <param name="similarities">To each face of one person; left in another order.</param>
    /// <param name="length">Of the mean of these faces' embeddings (<see cref="Length"/>); asked only for the centroid.</param>
    public float Score(Span<float> similarities, float length)
    {
        switch (Kind)
        {
            case PersonScoring.MeanOfBest:
                similarities.Sort();
                return Similarities.Held(TensorPrimitives.Average<float>(similarities[^Math.Min(MeanOfBest, similarities.Length)..]));
            case PersonScoring.Centroid:
                // x · (mean / |mean|): the mean of the similarities over the length of the mean.
                return Similarities.Held(TensorPrimitives.Average<float>(similarities) / MathF.Max(length, LeastLength));
            default:
                return TensorPrimitives.Max<float>(similarities);
        }
    }

    /// <summary>
    /// The highest score of a person whose most alike face has this similarity. Best face: that itself. Mean of the best: no mean
    /// is above its greatest number. Centroid: the mean of the similarities is not above the best either, and it is divided by a length of at
    /// most 1 and at least <paramref name="leastLength"/>, which raises it when it is above 0 and lowers it when it is below.
    /// </summary>
    /// <param name="bestFace">Cosine.</param>
    /// <param name="leastLength">The shortest mean of any person's faces.</param>
    public float Highest(float bestFace, float leastLength) =>
        Kind == PersonScoring.Centroid && bestFace > 0 ? bestFace / Math.Clamp(leastLength, LeastLength, 1) : bestFace;

    /// <summary>
    /// How many persons with one face each give a stranger as many chances as one person with so many faces. For the mean of the best an upper
    /// estimate: never less than one.
    /// </summary>
    /// <param name="faces">Of a person, or on average; below 1 counts as 1.</param>
    public double Comparisons(double faces) => Kind switch
    {
        PersonScoring.MeanOfBest => Math.Pow(Math.Max(faces / MeanOfBest, 1), BestFaceGrowth),
        PersonScoring.Centroid => Math.Pow(Math.Max(faces, 1), CentroidGrowth),
        _ => Math.Pow(Math.Max(faces, 1), BestFaceGrowth),
    };

    /// <summary>Of the mean of unit vectors, 0..1: 1 where all are the same.</summary>
    public static float Length(IEnumerable<float[]> embeddings)
    {
        float[]? sum = null;
        var count = 0;
        foreach (var embedding in embeddings)
        {
            sum ??= new float[embedding.Length];
            TensorPrimitives.Add(sum, embedding, sum);
            count++;
        }

        return sum is null ? 1 : Math.Min(TensorPrimitives.Norm<float>(sum) / count, 1);
    }
}
