using FaceCloud.Trainer.Samples.Judging;

namespace FaceCloud.Trainer.Samples;

/// <summary>Decides which faces may be shipped, given those already taken: recognisable, distinguishable, and nobody's.</summary>
public sealed class SampleRules(SampleOptions options, IReadOnlyList<(int Encoder, TrainingGallery Gallery)> galleries)
{
    private readonly List<(JudgedFace Face, string Person)> _taken = [];

    /// <summary>The greatest similarity to any training crop.</summary>
    public float NearestTraining(JudgedFace face) => galleries.Max(gallery => gallery.Gallery.Nearest(face.Embeddings[gallery.Encoder]).Similarity);

    /// <summary>The greatest similarity to anybody taken, for any encoder; −1 where nobody is.</summary>
    public float NearestTaken(JudgedFace face) => _taken.Select(other => SampleJudge.Highest(face, other.Face)).DefaultIfEmpty(-1).Max();

    /// <summary>Whether no training crop is too similar.</summary>
    public bool IsNobody(JudgedFace face) => NearestTraining(face) <= options.MostTraining;

    /// <summary>Whether the face is unlike everybody taken.</summary>
    public bool IsUnlikeAll(JudgedFace face) => NearestTaken(face) <= options.MostDifferent;

    /// <summary>Whether the face is like all taken of the person, and unlike everybody else.</summary>
    public bool Is(JudgedFace face, string person) => _taken.TrueForAll(other => other.Person == person
        ? SampleJudge.Lowest(face, other.Face) >= options.LeastSame
        : SampleJudge.Highest(face, other.Face) <= options.MostDifferent);

    public void Take(JudgedFace face, string person) => _taken.Add((face, person));
}
