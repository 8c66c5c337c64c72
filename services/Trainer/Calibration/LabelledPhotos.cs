using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Calibration;

/// <summary>Photos whose person is known, ready to be paired: labels of one person are merged, unusable photos left out.</summary>
/// <param name="Rows">Of the source, ascending.</param>
/// <param name="Person">Of each photo, a place in <paramref name="Persons"/>.</param>
/// <param name="Names">Of each photo.</param>
/// <param name="Persons">A label of each person.</param>
public sealed record LabelledPhotos(IReadOnlyList<int> Rows, IReadOnlyList<int> Person, IReadOnlyList<string> Names, IReadOnlyList<string> Persons)
{
    /// <summary>Photos of persons who are held out, or of everyone where the encoder has seen none of them.</summary>
    /// <param name="source">The photos.</param>
    /// <param name="damaged">Rows that cannot be used.</param>
    /// <param name="everyone">Also the persons of the training split.</param>
    public static LabelledPhotos HeldOut(IFaceSource source, IReadOnlySet<int> damaged, bool everyone) =>
        Of(source, row => !damaged.Contains(row) && (everyone || source.Faces[row].Split == FaceSplit.Validation));

    /// <summary>Photos of persons who are trained on, those with a doubtful label left out.</summary>
    /// <param name="source">The photos.</param>
    /// <param name="damaged">Rows that cannot be used.</param>
    /// <param name="most">Persons with two photos or more, drawn at random.</param>
    /// <param name="photosEach">Of a person at most.</param>
    /// <param name="seed">Same seed, same persons.</param>
    public static LabelledPhotos TrainedOn(IFaceSource source, IReadOnlySet<int> damaged, int most, int photosEach, int seed)
    {
        if (!source.Faces.Any(face => face.Split == FaceSplit.Train && face.Identity is not null))
        {
            return new LabelledPhotos([], [], [], []);
        }

        var persons = TrainingSet.Build(source, damaged).Persons.Where(rows => rows.Length > 1).ToArray();
        new Random(seed).Shuffle(persons);
        var chosen = persons.Take(most).SelectMany(rows => rows.Take(photosEach)).ToHashSet();
        return Of(source, chosen.Contains);
    }

    /// <summary>The photos that pass.</summary>
    public LabelledPhotos Where(Func<int, bool> place)
    {
        var kept = Enumerable.Range(0, Rows.Count).Where(place).ToArray();
        var persons = kept.Select(i => Person[i]).Distinct().Order().ToArray();
        var number = persons.Select((person, i) => (person, i)).ToDictionary(p => p.person, p => p.i);
        return new LabelledPhotos(
            [.. kept.Select(i => Rows[i])], [.. kept.Select(i => number[Person[i]])], [.. kept.Select(i => Names[i])], [.. persons.Select(p => Persons[p])]);
    }

    private static LabelledPhotos Of(IFaceSource source, Func<int, bool> wanted)
    {
        var merged = new LabelMerge(source.SamePerson);
        var rows = Enumerable.Range(0, source.Faces.Count).Where(row => source.Faces[row].Identity is not null && wanted(row)).ToArray();
        var labels = rows.Select(row => merged.Of(source.Faces[row].Identity!)).ToArray();
        var persons = labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var number = persons.Select((label, i) => (label, i)).ToDictionary(p => p.label, p => p.i, StringComparer.Ordinal);
        return new LabelledPhotos(rows, [.. labels.Select(label => number[label])], [.. rows.Select(row => source.Faces[row].Name)], persons);
    }
}
