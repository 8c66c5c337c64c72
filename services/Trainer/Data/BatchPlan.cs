using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Data;

/// <summary>
/// Which photos make up which batch: P persons with K photos each, and a share of unlabelled photos where these are of use.
/// One pass shows every photo about once: a person with more than K photos comes several times; up to P − 1 groups that fill no batch wait
/// for the next pass. The plan is a pure function of
/// seed and pass, so a resumed run sees what the interrupted one would have seen.
/// </summary>
public sealed class BatchPlan
{
    private readonly TrainingSet _set;
    private readonly int _persons;
    private readonly int _photosPerPerson;
    private readonly int _unlabelled;
    private readonly int _seed;

    public BatchPlan(TrainingSet set, int persons, int photosPerPerson, bool useUnlabelled, int seed)
    {
        if (set.Persons.Count < 2 && !useUnlabelled)
        {
            throw new TrainerException($"Triplets need at least two persons to train on, there are {set.Persons.Count}.");
        }

        _set = set;
        _persons = Math.Min(persons, Math.Max(1, set.Persons.Count));
        _photosPerPerson = photosPerPerson;
        _seed = seed;
        var groups = set.Persons.Sum(Groups);
        // Unlabelled photos never make up more than half of a batch: where there are many, persons come round again.
        var unlabelledBatches = useUnlabelled ? set.Unlabelled.Length / (persons * photosPerPerson) : 0;
        BatchesPerPass = Math.Max(1, Math.Max(groups / _persons, unlabelledBatches));
        _unlabelled = useUnlabelled ? (set.Unlabelled.Length + BatchesPerPass - 1) / BatchesPerPass : 0;
    }

    /// <summary>Batches of one pass.</summary>
    public int BatchesPerPass { get; }

    /// <summary>The rows of each batch of a pass, with the person's class or -1.</summary>
    public IReadOnlyList<(int Row, int Person)[]> Pass(int pass)
    {
        var random = new Random(Seed(pass));
        var groups = new List<(int Row, int Person)[]>();
        for (var person = 0; person < _set.Persons.Count; person++)
        {
            var rows = _set.Persons[person].ToArray();
            random.Shuffle(rows);
            for (var start = 0; start < rows.Length; start += _photosPerPerson)
            {
                // The last group is filled up with photos seen before; a person with fewer than K photos gives what there is.
                var first = Math.Max(0, Math.Min(start, rows.Length - _photosPerPerson));
                groups.Add([.. rows.Skip(first).Take(_photosPerPerson).Select(row => (row, person))]);
            }
        }

        var order = groups.ToArray();
        random.Shuffle(order);
        var unlabelled = _set.Unlabelled.ToArray();
        random.Shuffle(unlabelled);
        var batches = new List<(int Row, int Person)[]>(BatchesPerPass);
        for (var b = 0; b < BatchesPerPass; b++)
        {
            // Two groups of one person in a batch do no harm: they are simply more of that person.
            var first = b * _persons;
            batches.Add([.. Enumerable.Range(first, order.Length == 0 ? 0 : Math.Min(_persons, order.Length)).SelectMany(i => order[i % order.Length]),
                .. unlabelled.Skip(b * _unlabelled).Take(_unlabelled).Select(row => (row, -1))]);
        }

        return batches;
    }

    private int Groups(int[] rows) => (rows.Length + _photosPerPerson - 1) / _photosPerPerson;

    private int Seed(int pass) => unchecked((_seed * 1_000_003) + pass);
}
