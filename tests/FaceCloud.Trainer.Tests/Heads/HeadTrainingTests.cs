using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Heads;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Heads;

public sealed class HeadTrainingTests
{
    private static readonly PersonBootstrap Bootstrap = new(50, seed: 1);

    [Fact]
    public void Measure_FewPairs_AsByHand()
    {
        var faces = MadePersons.Of([0, 0, 1, 1, 2], [[1, 0], [1, 0], [1, 0], [1, 0], [1, 0]]);
        var pairs = new LabelledPairs(faces.Values, faces.Photos.Person, [(0, 1, true), (2, 3, true), (0, 2, false), (0, 4, false), (1, 4, false), (2, 4, false)], [0.25, 0.25, 0.125, 0.125, 0.125, 0.125]);
        float[] odds = [2, -1, 1, -2, -2, -3];

        var scores = new TestedScores(pairs, odds, probabilities: true).Measure([.. pairs.Weights]);

        Assert.Equal(0.25 + (3 * 0.125), scores.Accuracy, 1e-9);
        // The genuine 2 is above all four, the genuine −1 above three.
        Assert.Equal(7 / 8.0, scores.AreaUnderCurve, 1e-9);
        Assert.Equal((0.5, 0.5), (scores.TrueAcceptsAt1E2, scores.TrueAcceptsAt1E3));
        var loss = (0.25 * (Cost(2) + Cost(-1))) + (0.125 * (Cost(-1) + Cost(2) + Cost(2) + Cost(3)));
        Assert.Equal(loss, scores.LogLoss, 1e-9);

        static double Cost(double margin) => Math.Log(1 + Math.Exp(-margin));
    }

    [Fact]
    public void Measure_EqualScores_CountHalf()
    {
        var faces = MadePersons.Of([0, 0, 1], [[1, 0], [1, 0], [1, 0]]);
        var pairs = new LabelledPairs(faces.Values, faces.Photos.Person, [(0, 1, true), (0, 2, false)], [0.5, 0.5]);

        var scores = new TestedScores(pairs, [0.25f, 0.25f], probabilities: false).Measure([.. pairs.Weights]);

        Assert.Equal(0.5, scores.AreaUnderCurve, 1e-9);
        Assert.True(double.IsNaN(scores.LogLoss));
    }

    [Fact]
    public void Draw_Pairs_WeighHalfAndHalfAndStayInTheirGroup()
    {
        var faces = MadePersons.Draw(6, 4, _ => 0.3);

        var pairs = LabelledPairs.Draw(faces.Values, faces.Photos.Person, [new HashSet<int> { 0, 1, 2 }, new HashSet<int> { 3, 4, 5 }], genuineEach: 3, impostors: 20, seed: 1);

        Assert.Equal(0.5, pairs.Pairs.Zip(pairs.Weights).Where(p => p.First.Same).Sum(p => p.Second), 1e-9);
        Assert.Equal(0.5, pairs.Pairs.Zip(pairs.Weights).Where(p => !p.First.Same).Sum(p => p.Second), 1e-9);
        Assert.Equal((18, 20), (pairs.Pairs.Count(p => p.Same), pairs.Pairs.Count(p => !p.Same)));
        Assert.All(pairs.Pairs, pair => Assert.Equal(pair.First / 4 / 3, pair.Second / 4 / 3));
        Assert.All(pairs.Pairs, pair => Assert.Equal(pair.Same, pair.First / 4 == pair.Second / 4));
        Assert.Equal(pairs.Pairs.Count, pairs.Pairs.Distinct().Count());
    }

    [Fact]
    public void Compare_EvenNoise_ProbabilitiesAreRightOnOtherPersons()
    {
        var training = new HeadTraining(MadePersons.Draw(80, 4, _ => 0.8), MadePersons.Draw(80, 4, _ => 0.8, seed: 2), ridge: 1e-3, seed: 1);

        var tested = training.Compare(Bootstrap, CancellationToken.None);

        Assert.Equal(1 + 2 + (3 * 3), tested.Count);
        Assert.All(tested.Where(head => head.Kind is not null), head => Assert.InRange(head.Scores.CalibrationError, 0, 0.08));
        var (raw, cosine) = (tested[0], tested.Single(head => head is { Kind: VerifierHeadKind.Cosine, Fitting: HeadFitting.HeldOut }));
        Assert.Equal(raw.Scores.AreaUnderCurve, cosine.Scores.AreaUnderCurve, 0.01);
        Assert.True(double.IsNaN(raw.Scores.LogLoss));
        Assert.All(tested, head => Assert.InRange(head.Scores.Accuracy, head.Intervals[0].Low, head.Intervals[0].High));
    }

    [Fact]
    public void Choose_NumbersOfWhichOneIsNoise_HeadOfDifferences()
    {
        // A number that says nothing of the person, and large: the cosine believes it, a head learns not to.
        var training = new HeadTraining(MadePersons.Draw(80, 4, k => k < 4 ? 4 : 0.3), null, ridge: 1e-3, seed: 1);

        var tested = training.Compare(Bootstrap, CancellationToken.None);
        var chosen = HeadTraining.Choose(tested, kind: null);
        var head = training.Fit(chosen);

        Assert.NotEqual(VerifierHeadKind.Cosine, chosen.Kind);
        Assert.True(chosen.LossAgainstReference.High < 0);
        Assert.All(head.Regression.Weights, weight => Assert.True(weight <= 0));
        Assert.True(head.Regression.Weights.Take(4).Average() > head.Regression.Weights.Skip(4).Average() / 4);
    }

    [Fact]
    public void Choose_NothingBetterForCertain_PlainCosine()
    {
        static TestedHead Head(VerifierHeadKind kind, double loss, double high) => new()
        {
            Kind = kind,
            Fitting = HeadFitting.HeldOut,
            Scores = new HeadScores { Accuracy = 0, LogLoss = loss, CalibrationError = 0, AreaUnderCurve = 0, TrueAcceptsAt1E2 = 0, TrueAcceptsAt1E3 = 0 },
            Intervals = [],
            LossAgainstReference = new(-0.1, high),
            Reliability = [],
        };
        var cosine = Head(VerifierHeadKind.Cosine, 0.3, 0);
        var better = Head(VerifierHeadKind.ChiSquared, 0.28, 0.01);

        Assert.Same(cosine, HeadTraining.Choose([cosine, better], kind: null));
        Assert.Equal(VerifierHeadKind.ChiSquared, HeadTraining.Choose([cosine, better with { LossAgainstReference = new(-0.1, -0.01) }], kind: null).Kind);
        Assert.Same(better, HeadTraining.Choose([cosine, better], VerifierHeadKind.ChiSquared));
    }

    [Fact]
    public void ToManifest_FittedHead_GivesTheSameProbabilityInTheProduct()
    {
        var faces = MadePersons.Draw(40, 3, _ => 0.8);
        var training = new HeadTraining(faces, null, ridge: 1e-3, seed: 1);
        var tested = training.Compare(Bootstrap, CancellationToken.None);

        foreach (var kind in Enum.GetValues<VerifierHeadKind>())
        {
            var head = training.Fit(HeadTraining.Choose(tested, kind));
            var shipped = head.ToManifest("made:1", "made");

            Assert.Equal(1 / (1 + Math.Exp(-head.Sum(faces.Values[0], faces.Values[7]))), shipped.Probability(faces.Values[0], faces.Values[7]), 1e-5);
            Assert.Equal((0.5, "made:1", kind), (shipped.Prior, shipped.EmbeddingContract, shipped.Kind));
            // No pair is more probable than a face and itself.
            Assert.True(shipped.Probability(faces.Values[0], faces.Values[0]) >= shipped.Probability(faces.Values[0], faces.Values[1]));
        }
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(20, 1)]
    public void New_TooFewPersonsOrOnePhotoEach_SaysSo(int persons, int photos)
    {
        var failure = Assert.Throws<TrainerException>(() => new HeadTraining(MadePersons.Draw(persons, photos, _ => 0.3), null, ridge: 1e-3, seed: 1));

        Assert.Contains("four persons", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_PersonsUnlikeThemselves_IsRefused()
    {
        // The same person never looks alike, others do: whatever such a model is, a head must not be made of it.
        var values = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? new float[] { 1, 0 } : [-1, 0]).ToArray();
        var faces = MadePersons.Of([.. Enumerable.Range(0, 40).Select(i => i / 2)], values);

        var failure = Assert.Throws<FittingException>(() => HeadModel.Fit(VerifierHeadKind.Cosine, LabelledPairs.Draw(faces.Values, faces.Photos.Person, [Enumerable.Range(0, 20).ToHashSet()], 5, 100, seed: 1), ridge: 1e-3));

        Assert.Contains("no more alike", failure.Message, StringComparison.Ordinal);
    }
}
