using System.Numerics.Tensors;
using FaceCloud.Inference.Fitting;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Calibration;

/// <summary>
/// Similarities of pairs of photos. Every impostor pair counts once. Of the genuine pairs every person counts the same, shared evenly by their
/// pairs: n photos make n²/2 pairs, and the few with a hundred photos would otherwise be nearly the whole measurement.
/// </summary>
public sealed class PairScores
{
    // More than the loosest rate takes in any resample of persons.
    private const double LeastShareKept = 0.1;
    private const double LeastKept = 1000;

    private readonly IReadOnlyList<(int First, int Second)> _leftOut;
    private readonly bool _listed;

    private PairScores(
        LabelledEmbeddings faces,
        PairScore[] genuine,
        PairScore[] impostors,
        long impostorPairs,
        ScoreHistogram impostorHistogram,
        IReadOnlyList<(int, int)> leftOut,
        bool listed)
    {
        (Faces, Genuine, Impostors, ImpostorPairs, ImpostorHistogram, _leftOut, _listed) = (faces, genuine, impostors, impostorPairs, impostorHistogram, leftOut, listed);
        var pairsOf = new int[faces.Photos.Persons.Count];
        foreach (var pair in genuine)
        {
            pairsOf[Person(pair.First)]++;
        }

        GenuineWeight = [.. genuine.Select(pair => 1.0 / pairsOf[Person(pair.First)])];
        for (var i = 0; i < genuine.Length; i++)
        {
            GenuineHistogram.Add(genuine[i].Similarity, GenuineWeight[i]);
        }

        PhotosOf = new int[faces.Photos.Persons.Count];
        foreach (var person in faces.Photos.Person)
        {
            PhotosOf[person]++;
        }
    }

    public LabelledEmbeddings Faces { get; }

    /// <summary>All pairs of one person, best first.</summary>
    public IReadOnlyList<PairScore> Genuine { get; }

    /// <summary>Of each of <see cref="Genuine"/>; those of a person add to 1.</summary>
    public IReadOnlyList<double> GenuineWeight { get; }

    /// <summary>The most alike pairs of two persons, best first: a tenth of all at least, and all where they are few.</summary>
    public IReadOnlyList<PairScore> Impostors { get; }

    /// <summary>Pairs of two persons, also those below <see cref="Impostors"/>.</summary>
    public long ImpostorPairs { get; }

    public ScoreHistogram GenuineHistogram { get; } = new();

    public ScoreHistogram ImpostorHistogram { get; }

    /// <summary>Photos of each person.</summary>
    public int[] PhotosOf { get; }

    /// <summary>Every pair there is.</summary>
    /// <param name="faces">Of two persons or more.</param>
    /// <param name="suspects">Pairs of labels that they doubt are left out; null: none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="TrainerException">No genuine or no impostor pair.</exception>
    public static PairScores All(LabelledEmbeddings faces, SuspectedLabels? suspects, CancellationToken cancellationToken)
    {
        var photos = faces.Photos;
        var leftOut = suspects is null
            ? []
            : Enumerable.Range(0, photos.Persons.Count)
                .SelectMany(a => Enumerable.Range(a + 1, photos.Persons.Count - a - 1).Where(b => suspects.MayBeOne(photos.Persons[a], photos.Persons[b])).Select(b => (a, b)))
                .ToList();
        var doubted = leftOut.ToHashSet();

        // Twice over all pairs, since the cut that keeps a tenth is known after the first time; a billion pairs fit no memory.
        var histogram = new ScoreHistogram();
        var genuine = new List<PairScore>();
        ForEach((similarity, a, b) =>
        {
            if (photos.Person[a] == photos.Person[b])
            {
                genuine.Add(new PairScore(similarity, a, b));
            }
            else
            {
                histogram.Add(similarity, 1);
            }
        });
        Require(genuine.Count, (long)histogram.Total, photos.Persons.Count);
        var shares = histogram.ShareFrom();
        var kept = Math.Max(LeastShareKept, LeastKept / histogram.Total);
        var cut = ScoreHistogram.Edge(Math.Max(0, Array.FindLastIndex(shares, share => share >= kept)));
        var impostors = new List<PairScore>();
        ForEach((similarity, a, b) =>
        {
            if (similarity >= cut && photos.Person[a] != photos.Person[b])
            {
                impostors.Add(new PairScore(similarity, a, b));
            }
        });
        return new PairScores(faces, Sorted(genuine), Sorted(impostors), (long)histogram.Total, histogram, leftOut, listed: false);

        void ForEach(Action<float, int, int> action)
        {
            for (var a = 0; a < faces.Values.Count; a++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var b = a + 1; b < faces.Values.Count; b++)
                {
                    var (p, q) = (photos.Person[a], photos.Person[b]);
                    if (doubted.Count == 0 || !doubted.Contains((Math.Min(p, q), Math.Max(p, q))))
                    {
                        action(TensorPrimitives.Dot<float>(faces.Values[a], faces.Values[b]), a, b);
                    }
                }
            }
        }
    }

    /// <summary>The pairs of a list; photos that <paramref name="faces"/> does not hold leave their pairs out.</summary>
    /// <param name="faces">Of two persons or more.</param>
    /// <param name="pairs">Rows of the source.</param>
    /// <param name="suspects">Pairs of labels that they doubt are left out; null: none.</param>
    /// <exception cref="TrainerException">No genuine or no impostor pair.</exception>
    public static PairScores Listed(LabelledEmbeddings faces, IEnumerable<(int First, int Second)> pairs, SuspectedLabels? suspects)
    {
        var photos = faces.Photos;
        var place = photos.Rows.Select((row, i) => (row, i)).ToDictionary(p => p.row, p => p.i);
        var (genuine, impostors, histogram) = (new List<PairScore>(), new List<PairScore>(), new ScoreHistogram());
        foreach (var (first, second) in pairs)
        {
            if (!place.TryGetValue(first, out var a) || !place.TryGetValue(second, out var b)
                || suspects?.MayBeOne(photos.Persons[photos.Person[a]], photos.Persons[photos.Person[b]]) == true)
            {
                continue;
            }

            // By the labels, after merging: the list may still call two labels of one person different.
            var score = new PairScore(TensorPrimitives.Dot<float>(faces.Values[a], faces.Values[b]), a, b);
            if (photos.Person[a] == photos.Person[b])
            {
                genuine.Add(score);
            }
            else
            {
                impostors.Add(score);
                histogram.Add(score.Similarity, 1);
            }
        }

        Require(genuine.Count, impostors.Count, photos.Persons.Count);
        return new PairScores(faces, Sorted(genuine), Sorted(impostors), impostors.Count, histogram, [], listed: true);
    }

    /// <summary>The person on a photo.</summary>
    public int Person(int photo) => Faces.Photos.Person[photo];

    /// <summary>Impostor pairs when each person stands there so many times; a person and their own copies make none.</summary>
    public double ImpostorWeight(int[] times)
    {
        if (_listed)
        {
            return Impostors.Sum(pair => (double)times[Person(pair.First)] * times[Person(pair.Second)]);
        }

        var (sum, own) = (0.0, 0.0);
        for (var person = 0; person < times.Length; person++)
        {
            double photos = times[person] * PhotosOf[person];
            sum += photos;
            own += photos * photos;
        }

        return (((sum * sum) - own) / 2) - _leftOut.Sum(pair => (double)times[pair.First] * PhotosOf[pair.First] * times[pair.Second] * PhotosOf[pair.Second]);
    }

    /// <summary>By persons instead of photos.</summary>
    public ComparisonScores ToComparisons()
    {
        return new ComparisonScores
        {
            Persons = Faces.Photos.Persons.Count,
            Genuine = ByPerson(Genuine),
            GenuineWeight = GenuineWeight,
            Impostors = ByPerson(Impostors),
            ImpostorCount = ImpostorPairs,
            ImpostorWeight = ImpostorWeight,
        };

        ComparisonScore[] ByPerson(IReadOnlyList<PairScore> pairs) =>
            [.. pairs.Select(pair => new ComparisonScore(pair.Similarity, Person(pair.First), Person(pair.Second)))];
    }

    private static PairScore[] Sorted(List<PairScore> pairs)
    {
        var sorted = pairs.ToArray();
        Array.Sort(sorted, (one, other) => other.Similarity.CompareTo(one.Similarity));
        return sorted;
    }

    private static void Require(int genuine, long impostors, int persons)
    {
        if (genuine == 0 || impostors == 0)
        {
            throw new TrainerException(
                $"There is nothing to measure on: {genuine} pairs of one person and {impostors} of two, out of {persons} persons held out. Two persons are needed, and one with two photos. Where the encoder was not trained on these photos, --everyone takes all persons.");
        }
    }
}
