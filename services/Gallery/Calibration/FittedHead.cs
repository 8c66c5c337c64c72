using System.Globalization;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;

namespace FaceCloud.Gallery.Calibration;

/// <summary>A verifier head fitted on a gallery's own pairs, where there are enough of them and it is better than the model's.</summary>
/// <param name="Head">Null: none is kept.</param>
/// <param name="Note">What was measured, or why there is none.</param>
public sealed record FittedHead(VerifierHead? Head, string Note)
{
    // Half of them are fitted on, half tested on: below that a log loss of theirs says nothing.
    private const int LeastPersons = 20;
    private const int GenuineEach = 20;
    private const int Impostors = 20_000;
    private const double Ridge = 1e-3;

    /// <summary>
    /// Fits the plain cosine, and the model's own head with a new scale and bias. Each is tested on the half of the persons that it was not fitted on, both
    /// ways round; the one with the lowest log loss is then fitted on all, unless the model's head as it is does as well.
    /// </summary>
    /// <param name="sample">The gallery's faces.</param>
    /// <param name="model">Whose embeddings they are.</param>
    /// <param name="seed">Same seed, same halves and pairs.</param>
    public static FittedHead Of(CalibrationSample sample, EncoderModel model, int seed)
    {
        if (sample.GenuinePersons < LeastPersons)
        {
            return new FittedHead(null, $"No head: it takes {LeastPersons} persons with two faces or more, and there are {sample.GenuinePersons}.");
        }

        var (values, person) = (sample.Values, sample.PersonOfValue);
        var halves = Halve(sample, person, seed);
        var candidates = new List<(string Name, Func<LabelledPairs, HeadModel> Fit)> { ("cosine", pairs => HeadModel.Fit(VerifierHeadKind.Cosine, pairs, Ridge)) };
        var own = model.Head is { } head && head.EmbeddingContract == model.EmbeddingContract ? head : null;
        if (own is not null && own.Kind != VerifierHeadKind.Cosine)
        {
            candidates.Add(("the model's head with a new scale", Model(own).Rescale));
        }

        try
        {
            var drawn = halves.Select(half => LabelledPairs.Draw(values, person, [half], GenuineEach, Impostors, seed)).ToArray();
            var tested = candidates
                .Select(candidate => (candidate.Name, candidate.Fit, Loss: (LogLoss(candidate.Fit(drawn[0]), drawn[1]) + LogLoss(candidate.Fit(drawn[1]), drawn[0])) / 2))
                .OrderBy(candidate => candidate.Loss)
                .ToList();
            var (name, fit, loss) = tested[0];
            double? loss0 = own is null ? null : (LogLoss(Model(own), drawn[0]) + LogLoss(Model(own), drawn[1])) / 2;
            if (loss0 <= loss)
            {
                return new FittedHead(null, Text($"No head of its own: on this gallery the model's has a log loss of {loss0:0.000}, one fitted here {loss:0.000} ({name}, tested on persons not fitted on)."));
            }

            var all = LabelledPairs.Draw(values, person, [halves[0].Union(halves[1]).ToHashSet()], GenuineEach, Impostors, seed);
            var genuine = all.Pairs.Count(pair => pair.Same);
            var note = Text($"{name}: {genuine} genuine and {all.Pairs.Count - genuine} impostor pairs; log loss {loss:0.000} on persons not fitted on{(loss0 is null ? "" : Text($", the model's head has {loss0:0.000}"))}. Prior {LabelledPairs.Prior}.");
            return new FittedHead(fit(all).ToManifest(model.EmbeddingContract, note), note);
        }
        catch (FittingException exception)
        {
            return new FittedHead(null, $"No head: {exception.Message}");
        }
    }

    // Persons with several faces to both halves alike.
    private static HashSet<int>[] Halve(CalibrationSample sample, IReadOnlyList<int> person, int seed)
    {
        var faces = new int[sample.Persons];
        foreach (var number in person)
        {
            faces[number]++;
        }

        var persons = Enumerable.Range(0, sample.Persons).ToArray();
        new Random(seed).Shuffle(persons);
        var dealt = persons.OrderBy(number => faces[number] < 2).ToArray();
        return [dealt.Where((_, i) => i % 2 == 0).ToHashSet(), dealt.Where((_, i) => i % 2 == 1).ToHashSet()];
    }

    private static HeadModel Model(VerifierHead head) => new(head.Kind, new LogisticRegression([.. head.Weights.Select(weight => (double)weight)], head.Bias));

    private static double LogLoss(HeadModel head, LabelledPairs pairs) =>
        pairs.Pairs.Zip(pairs.Weights, (pair, weight) =>
        {
            var odds = head.Sum(pairs.Values[pair.First], pairs.Values[pair.Second]);
            return weight * LogisticRegression.LogOnePlusExp(pair.Same ? -odds : odds);
        }).Sum();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
