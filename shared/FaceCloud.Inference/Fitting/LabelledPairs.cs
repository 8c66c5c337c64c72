
namespace FaceCloud.Inference.Fitting;

/// <summary>Pairs of photos to fit or test a head on. Genuine and impostor pairs weigh 1/2 together each: the prior 0.5.</summary>
/// <param name="Values">float32[D] of each photo, unit length.</param>
/// <param name="Person">Of each photo, a number.</param>
/// <param name="Pairs">Places in them, and whether they show one person.</param>
/// <param name="Weights">Of each pair; a person's genuine pairs share their weight, impostor pairs all have the same.</param>
public sealed record LabelledPairs(IReadOnlyList<float[]> Values, IReadOnlyList<int> Person, IReadOnlyList<(int First, int Second, bool Same)> Pairs, IReadOnlyList<double> Weights)
{
    /// <summary>Share of genuine pairs that every head is fitted and tested at.</summary>
    public const double Prior = 0.5;

    /// <param name="values">float32[D] of each photo, unit length.</param>
    /// <param name="person">Of each photo, a number.</param>
    /// <param name="persons">Who may be in a pair, in groups: a pair is of one group.</param>
    /// <param name="genuineEach">Genuine pairs of a person at most.</param>
    /// <param name="impostors">Impostor pairs of all groups at most.</param>
    /// <param name="seed">Same seed, same pairs.</param>
    /// <remarks>Impostors are drawn at random, not chosen for hardness: a probability is only right for pairs that come up as those it was fitted on did.</remarks>
    public static LabelledPairs Draw(IReadOnlyList<float[]> values, IReadOnlyList<int> person, IReadOnlyList<IReadOnlySet<int>> persons, int genuineEach, int impostors, int seed)
    {
        var random = new Random(seed);
        var pairs = new List<(int First, int Second, bool Same)>();
        var weights = new List<double>();
        foreach (var group in persons)
        {
            var photos = Enumerable.Range(0, person.Count).Where(i => group.Contains(person[i])).ToArray();
            foreach (var own in photos.GroupBy(i => person[i]))
            {
                var genuine = own.SelectMany((a, i) => own.Skip(i + 1).Select(b => (a, b, true))).ToArray();
                if (genuine.Length > genuineEach)
                {
                    random.Shuffle(genuine);
                    genuine = genuine[..genuineEach];
                }

                pairs.AddRange(genuine);
                weights.AddRange(genuine.Select(_ => 1.0 / genuine.Length));
            }

            var different = Impostors(photos, person, impostors / persons.Count, random);
            pairs.AddRange(different);
            weights.AddRange(different.Select(_ => 1.0));
        }

        var (same, others) = (pairs.Zip(weights).Where(p => p.First.Same).Sum(p => p.Second), pairs.Zip(weights).Where(p => !p.First.Same).Sum(p => p.Second));
        return new LabelledPairs(values, person, pairs, [.. pairs.Zip(weights, (pair, weight) => pair.Same ? Prior * weight / same : (1 - Prior) * weight / others)]);
    }

    private static List<(int, int, bool)> Impostors(int[] photos, IReadOnlyList<int> person, int most, Random random)
    {
        var all = (((long)photos.Length * photos.Length) - photos.CountBy(i => person[i]).Sum(p => (long)p.Value * p.Value)) / 2;
        if (all <= most)
        {
            return [.. photos.SelectMany((a, i) => photos.Skip(i + 1).Where(b => person[a] != person[b]).Select(b => (a, b, false)))];
        }

        var drawn = new HashSet<(int, int)>();
        while (drawn.Count < most)
        {
            var (a, b) = (photos[random.Next(photos.Length)], photos[random.Next(photos.Length)]);
            if (person[a] != person[b])
            {
                drawn.Add((Math.Min(a, b), Math.Max(a, b)));
            }
        }

        return [.. drawn.Select(pair => (pair.Item1, pair.Item2, false))];
    }
}
