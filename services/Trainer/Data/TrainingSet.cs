using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Data;

/// <summary>
/// What may be trained on: rows of a source grouped by person, labels of one person merged, no person of the validation split,
/// no damaged photo.
/// </summary>
public sealed class TrainingSet
{
    private TrainingSet(IReadOnlyList<int[]> persons, int[] unlabelled, IReadOnlyList<string> names, TrainingSetReport report) =>
        (Persons, Unlabelled, Names, Report) = (persons, unlabelled, names, report);

    /// <summary>Rows of each person; the place in the list is the person's class.</summary>
    public IReadOnlyList<int[]> Persons { get; }

    /// <summary>Rows of photos of nobody in particular: food for distillation only.</summary>
    public int[] Unlabelled { get; }

    /// <summary>A label of each person.</summary>
    public IReadOnlyList<string> Names { get; }

    public TrainingSetReport Report { get; }

    public static TrainingSet Build(IFaceSource source, IReadOnlySet<int> damaged)
    {
        var person = new LabelMerge(source.SamePerson);
        var validation = source.Faces
            .Where(f => f.Split == FaceSplit.Validation && f.Identity is not null)
            .Select(f => person.Of(f.Identity!))
            .ToHashSet(StringComparer.Ordinal);
        var groups = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        var labels = new HashSet<string>(StringComparer.Ordinal);
        var unlabelled = new List<int>();
        var heldBack = 0;
        for (var row = 0; row < source.Faces.Count; row++)
        {
            var face = source.Faces[row];
            if (damaged.Contains(row) || face.Split != FaceSplit.Train)
            {
                continue;
            }

            if (face.Identity is null)
            {
                unlabelled.Add(row);
                continue;
            }

            var label = person.Of(face.Identity);
            if (validation.Contains(label))
            {
                heldBack++;
                continue;
            }

            if (source.DoubtfulLabels.Contains(row))
            {
                unlabelled.Add(row);
                continue;
            }

            labels.Add(face.Identity);
            if (!groups.TryGetValue(label, out var rows))
            {
                groups.Add(label, rows = []);
            }

            rows.Add(row);
        }

        if (groups.Count == 0 && unlabelled.Count == 0)
        {
            throw new TrainerException("No photo is left to train on: all are damaged or held back for validation.");
        }

        var report = new TrainingSetReport(
            Photos: groups.Values.Sum(g => g.Count),
            Persons: groups.Count,
            SinglePhotoPersons: groups.Values.Count(g => g.Count == 1),
            MergedLabels: labels.Count - groups.Count,
            Unlabelled: unlabelled.Count,
            HeldBack: heldBack,
            Damaged: damaged.Count);
        return new TrainingSet([.. groups.Values.Select(g => g.ToArray())], [.. unlabelled], [.. groups.Keys], report);
    }
}
