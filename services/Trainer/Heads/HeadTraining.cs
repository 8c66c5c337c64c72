using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;
using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Heads;

/// <summary>
/// Fits every kind of head in every way, tests each on persons it was not fitted on, and says which is best. The persons held out are
/// halved: what is fitted on one half is tested on the other, both ways round, and pairs across the halves are left out. The head that is kept is then fitted
/// on both halves, so it is a little better than its test says.
/// </summary>
public sealed class HeadTraining
{
    private const int GenuineEach = 20;
    private const int ImpostorsToFit = 40_000;
    private const int ImpostorsToTest = 400_000;
    private const int ReliabilityBins = 10;

    private static readonly VerifierHeadKind[] Kinds =
        [VerifierHeadKind.Cosine, VerifierHeadKind.AbsoluteDifference, VerifierHeadKind.SquaredDifference, VerifierHeadKind.ChiSquared];

    private readonly LabelledEmbeddings _heldOut;
    private readonly IReadOnlySet<int>[] _halves;
    private readonly double _ridge;
    private readonly int _seed;
    private readonly Dictionary<VerifierHeadKind, HeadModel> _trained = [];

    /// <param name="heldOut">Photos of persons whom the encoder has not seen.</param>
    /// <param name="trainedOn">Photos of persons whom it has; null where there are none.</param>
    /// <param name="ridge">λ of <see cref="LogisticRegression"/>.</param>
    /// <param name="seed">Of halves and pairs.</param>
    public HeadTraining(LabelledEmbeddings heldOut, LabelledEmbeddings? trainedOn, double ridge, int seed)
    {
        (_heldOut, _ridge, _seed) = (heldOut, ridge, seed);
        _halves = Halve(heldOut.Photos, seed);
        Test = LabelledPairs.Draw(heldOut.Values, heldOut.Photos.Person, _halves, int.MaxValue, ImpostorsToTest, seed);
        if (trainedOn is not null)
        {
            TrainedOn = LabelledPairs.Draw(trainedOn.Values, trainedOn.Photos.Person, [Enumerable.Range(0, trainedOn.Photos.Persons.Count).ToHashSet()], GenuineEach, ImpostorsToFit, seed);
            foreach (var kind in Kinds)
            {
                _trained.Add(kind, HeadModel.Fit(kind, TrainedOn, ridge));
            }
        }
    }

    /// <summary>What all heads are tested on.</summary>
    public LabelledPairs Test { get; }

    /// <summary>Pairs of persons trained on; null where there are none.</summary>
    public LabelledPairs? TrainedOn { get; }

    /// <summary>The persons held out in two halves, places in <see cref="LabelledPhotos.Persons"/>.</summary>
    /// <exception cref="TrainerException">Too few persons to fit on one half and test on the other.</exception>
    public static IReadOnlySet<int>[] Halve(LabelledPhotos photos, int seed)
    {
        var persons = Enumerable.Range(0, photos.Persons.Count).ToArray();
        new Random(seed).Shuffle(persons);
        HashSet<int>[] halves = [persons[..(persons.Length / 2)].ToHashSet(), persons[(persons.Length / 2)..].ToHashSet()];
        foreach (var half in halves)
        {
            if (half.Count < 2 || photos.Person.Where(half.Contains).CountBy(person => person).All(p => p.Value < 2))
            {
                throw new TrainerException(
                    $"A head takes four persons held out or more, with two photos of some: one half to fit on, one to test on. There are {persons.Length} persons with {photos.Rows.Count} photos. Where the encoder was not trained on these photos, --everyone takes all persons.");
            }
        }

        return halves;
    }

    /// <summary>Raw threshold first, then every head.</summary>
    public IReadOnlyList<TestedHead> Compare(PersonBootstrap bootstrap, CancellationToken cancellationToken)
    {
        var candidates = new List<(VerifierHeadKind? Kind, HeadFitting Fitting, TestedScores Scores)> { (null, HeadFitting.HeldOut, RawThreshold()) };
        foreach (var kind in Kinds)
        {
            foreach (var fitting in Fittings(kind))
            {
                cancellationToken.ThrowIfCancellationRequested();
                candidates.Add((kind, fitting, new TestedScores(Test, CrossFitted(kind, fitting), probabilities: true)));
            }
        }

        var reference = candidates.FindIndex(c => c is { Kind: VerifierHeadKind.Cosine, Fitting: HeadFitting.HeldOut });
        var resampled = candidates.Select(_ => new List<HeadScores>()).ToArray();
        var weights = new double[Test.Pairs.Count];
        foreach (var times in bootstrap.Draw(_heldOut.Photos.Persons.Count))
        {
            TestedScores.Weigh(Test, times, weights);
            for (var i = 0; i < candidates.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                resampled[i].Add(candidates[i].Scores.Measure(weights));
            }
        }

        var once = Test.Weights.ToArray();
        return [.. candidates.Select((candidate, i) => new TestedHead
        {
            Kind = candidate.Kind,
            Fitting = candidate.Fitting,
            Scores = candidate.Scores.Measure(once),
            Intervals = [.. Enumerable.Range(0, 6).Select(value => PersonBootstrap.Middle(resampled[i].Select(scores => scores.Values[value])))],
            LossAgainstReference = PersonBootstrap.Middle(resampled[i].Zip(resampled[reference], (own, other) => own.LogLoss - other.LogLoss)),
            Reliability = candidate.Scores.Reliability(once, ReliabilityBins),
        })];
    }

    /// <summary>
    /// The lowest log loss, since that is what a probability is for; but the plain cosine on persons held out where the 95 % interval of the
    /// difference does not lie wholly below 0: two numbers that anybody can check beat a hundred that are no better for certain.
    /// </summary>
    public static TestedHead Choose(IReadOnlyList<TestedHead> tested, VerifierHeadKind? kind)
    {
        var heads = tested.Where(head => head.Kind is not null && (kind is null || head.Kind == kind)).ToList();
        var best = heads.MinBy(head => head.Scores.LogLoss)!;
        return best.LossAgainstReference.High < 0 || kind is not null
            ? best
            : heads.Single(head => head is { Kind: VerifierHeadKind.Cosine, Fitting: HeadFitting.HeldOut });
    }

    /// <summary>The head to keep: fitted as the tested one was, on all persons held out.</summary>
    public HeadModel Fit(TestedHead head)
    {
        var all = LabelledPairs.Draw(_heldOut.Values, _heldOut.Photos.Person, [_halves[0].Union(_halves[1]).ToHashSet()], GenuineEach, ImpostorsToFit, _seed);
        return Fit(head.Kind!.Value, head.Fitting, all);
    }

    private HeadFitting[] Fittings(VerifierHeadKind kind) => (TrainedOn, kind) switch
    {
        (null, _) => [HeadFitting.HeldOut],
        // Rescaling one number is fitting it.
        (_, VerifierHeadKind.Cosine) => [HeadFitting.Trained, HeadFitting.HeldOut],
        _ => [HeadFitting.Trained, HeadFitting.HeldOut, HeadFitting.Rescaled],
    };

    private HeadModel Fit(VerifierHeadKind kind, HeadFitting fitting, LabelledPairs heldOut) => fitting switch
    {
        HeadFitting.Trained => _trained[kind],
        HeadFitting.HeldOut => HeadModel.Fit(kind, heldOut, _ridge),
        _ => _trained[kind].Rescale(heldOut),
    };

    private LabelledPairs HalfToFit(int half) => LabelledPairs.Draw(_heldOut.Values, _heldOut.Photos.Person, [_halves[half]], GenuineEach, ImpostorsToFit / 2, _seed);

    /// <summary>Log odds of the test pairs, each by the head fitted on the other half.</summary>
    private float[] CrossFitted(VerifierHeadKind kind, HeadFitting fitting)
    {
        var byOther = new[] { Fit(kind, fitting, HalfToFit(1)), Fit(kind, fitting, HalfToFit(0)) };
        return [.. Test.Pairs.Select(pair => (float)byOther[HalfOf(pair.First)].Sum(_heldOut.Values[pair.First], _heldOut.Values[pair.Second]))];
    }

    /// <summary>Similarities less the threshold that is most often right on the other half.</summary>
    private TestedScores RawThreshold()
    {
        var byOther = new[] { BestThreshold(HalfToFit(1)), BestThreshold(HalfToFit(0)) };
        return new TestedScores(
            Test,
            [.. Test.Pairs.Select(pair => Similarity(Test, pair) - byOther[HalfOf(pair.First)])],
            probabilities: false);
    }

    private int HalfOf(int photo) => _halves[0].Contains(_heldOut.Photos.Person[photo]) ? 0 : 1;

    private static float Similarity(LabelledPairs pairs, (int First, int Second, bool Same) pair) =>
        System.Numerics.Tensors.TensorPrimitives.Dot<float>(pairs.Values[pair.First], pairs.Values[pair.Second]);

    private static float BestThreshold(LabelledPairs pairs)
    {
        var (best, threshold, balance) = (double.MinValue, 0f, 0.0);
        foreach (var (similarity, gain) in pairs.Pairs
            .Zip(pairs.Weights, (pair, weight) => (Similarity: Similarity(pairs, pair), Gain: pair.Same ? weight : -weight))
            .OrderByDescending(p => p.Similarity))
        {
            balance += gain;
            if (balance > best)
            {
                (best, threshold) = (balance, similarity);
            }
        }

        return threshold;
    }
}
