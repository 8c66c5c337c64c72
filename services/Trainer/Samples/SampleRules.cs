using FaceCloud.Trainer.Samples.Judging;

namespace FaceCloud.Trainer.Samples;

/// <summary>Decides which faces may be shipped, given those already taken: recognisable, distinguishable, and nobody's.</summary>
public sealed class SampleRules(SampleOptions options, IReadOnlyList<(int Way, TrainingGallery Gallery)> galleries)
{
    private readonly List<(JudgedFace Face, string Person)> _taken = [];
    private float _mostDifferent = options.MostDifferent;

    /// <summary>How far a face is beyond the limits; 0 or less where it may be shipped.</summary>
    /// <param name="face">The face.</param>
    /// <param name="person">Whose it is to be: it must be like all of this person, and unlike all others.</param>
    /// <param name="own">Further faces of the person, not taken yet.</param>
    /// <param name="enough">From here on the exact number does not matter, and fewer encoders are asked.</param>
    public float Excess(JudgedFace face, string person, IReadOnlyList<JudgedFace> own, float enough = float.PositiveInfinity)
    {
        var training = -1 - options.MostTraining;
        foreach (var (way, gallery) in galleries)
        {
            training = Math.Max(training, gallery.Nearest(face.Embedding(way)).Similarity - options.MostTraining);
            if (training >= enough)
            {
                return training;
            }
        }

        var others = _taken.Where(t => t.Person != person).Select(t => SampleJudge.Highest(face, t.Face) - _mostDifferent);
        var same = _taken.Where(t => t.Person == person).Select(t => t.Face).Concat(own).Select(f => options.LeastSame - SampleJudge.Lowest(face, f));
        return others.Concat(same).Append(training).Max();
    }

    /// <summary>Lets persons be a little more alike than before; returns how much they now may be, or null where they may be no more alike.</summary>
    public float? Ease()
    {
        // Sums of floats do not meet exactly.
        if (_mostDifferent > options.MostEased - 0.001f)
        {
            return null;
        }

        return _mostDifferent = Math.Min(_mostDifferent + options.Easing, options.MostEased);
    }

    public void Take(JudgedFace face, string person) => _taken.Add((face, person));
}
