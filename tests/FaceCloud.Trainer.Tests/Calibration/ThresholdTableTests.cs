using FaceCloud.Inference.Fitting;
using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Calibration;

public sealed class ThresholdTableTests
{
    [Fact]
    public void Measure_ManyPersons_ThresholdsKeepTheirRates()
    {
        var scores = PairScores.All(MadePersons.Draw(200, 4, _ => 0.5), null, CancellationToken.None);

        var points = ThresholdTable.Measure(scores.ToComparisons(), ThresholdTable.Decades, new PersonBootstrap(200, seed: 3), CancellationToken.None);

        // 318,400 impostor pairs: 1e-4 expects 32 of them, 1e-5 only 3.2.
        Assert.Equal([1e-2, 1e-3, 1e-4, 1e-5], points.Select(point => point.FalseAcceptRate));
        Assert.All(points.SkipLast(1), point => Assert.Null(point.Refusal));
        Assert.Contains("not enough impostor pairs", points[^1].Refusal, StringComparison.Ordinal);
        Assert.Contains("1,000,000 pairs", points[^1].Refusal, StringComparison.Ordinal);
        Assert.All(points, point =>
        {
            Assert.Equal(point.FalseAccepts, scores.Impostors.Count(pair => pair.Similarity >= point.Threshold));
            Assert.InRange(point.FalseAccepts / (double)scores.ImpostorPairs, 0, point.FalseAcceptRate);
            // A step lower more would come in than may.
            Assert.True(scores.Impostors.Count(pair => pair.Similarity >= point.Threshold - 2e-4f) >= point.FalseAcceptRate * scores.ImpostorPairs);
            Assert.InRange(point.Threshold, point.ThresholdInterval.Low - 1e-4, point.ThresholdInterval.High + 1e-4);
            Assert.InRange(point.TrueAcceptRate, point.TrueAcceptInterval.Low, point.TrueAcceptInterval.High);
        });
        Assert.Equal(points.Select(point => point.Threshold).Order(), points.Select(point => point.Threshold));
    }

    [Fact]
    public void Measure_SameSeed_SameIntervals()
    {
        var scores = PairScores.All(MadePersons.Draw(40, 3, _ => 0.5), null, CancellationToken.None);

        var first = ThresholdTable.Measure(scores.ToComparisons(), ThresholdTable.Decades, new PersonBootstrap(100, seed: 3), CancellationToken.None);
        var again = ThresholdTable.Measure(scores.ToComparisons(), ThresholdTable.Decades, new PersonBootstrap(100, seed: 3), CancellationToken.None);
        var other = ThresholdTable.Measure(scores.ToComparisons(), ThresholdTable.Decades, new PersonBootstrap(100, seed: 4), CancellationToken.None);

        Assert.Equal(first, again);
        Assert.NotEqual(first[0].ThresholdInterval, other[0].ThresholdInterval);
        Assert.Equal(first[0].Threshold, other[0].Threshold);
    }

    [Fact]
    public void Measure_TwoLabelsOfOnePerson_RefusesWhatTheyAloneDecide()
    {
        // Two labels with 40 photos each of one person: 1,600 of 130,000 impostor pairs, all false accepts, of a single pair of labels.
        var faces = MadePersons.Draw(140, 3, _ => 0.3);
        var twins = MadePersons.Draw(1, 80, _ => 0.1, seed: 9);
        var all = MadePersons.Of(
            [.. faces.Photos.Person, .. Enumerable.Range(0, 80).Select(i => 140 + (i % 2))], [.. faces.Values, .. twins.Values]);

        var points = ThresholdTable.Measure(PairScores.All(all, null, CancellationToken.None).ToComparisons(), ThresholdTable.Decades, new PersonBootstrap(100, seed: 1), CancellationToken.None);

        Assert.Single(points);
        Assert.Equal(1, points[0].PersonPairs);
        Assert.Contains("not enough persons", points[0].Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_FewPersonsWithManyPhotos_WiderThanManyPersonsWithFew()
    {
        var few = PairScores.All(MadePersons.Draw(12, 20, _ => 0.5), null, CancellationToken.None);
        var many = PairScores.All(MadePersons.Draw(120, 2, _ => 0.5), null, CancellationToken.None);

        var (narrow, wide) = (Width(many), Width(few));

        // About as many pairs; that they share persons is what the resampling of persons sees and one of pairs would not.
        Assert.InRange(few.ImpostorPairs / (double)many.ImpostorPairs, 0.9, 1.1);
        Assert.True(wide > 2 * narrow, $"{wide} against {narrow}");

        static double Width(PairScores scores)
        {
            var interval = ThresholdTable.Measure(scores.ToComparisons(), ThresholdTable.Decades, new PersonBootstrap(300, seed: 1), CancellationToken.None)[0].ThresholdInterval;
            return interval.High - interval.Low;
        }
    }

    [Fact]
    public void Draw_Resamples_AsManyPersonsAsThereAre()
    {
        var drawn = new PersonBootstrap(50, seed: 1).Draw(30).Select(times => (All: times.Sum(), Missing: times.Count(t => t == 0))).ToList();

        Assert.Equal(50, drawn.Count);
        Assert.All(drawn, d => Assert.Equal(30, d.All));
        // 1/e of the persons are left out on average.
        Assert.InRange(drawn.Average(d => d.Missing), 9, 13);
    }

    [Fact]
    public void Middle_Values_CutsTheTailsAndLeavesOutNan()
    {
        var interval = PersonBootstrap.Middle(Enumerable.Range(0, 201).Select(i => (double)i).Append(double.NaN));

        Assert.Equal((5, 195), (interval.Low, interval.High));
    }

    [Fact]
    public void Top_PersonsBehindTheFalseAccepts_MostPairsFirst()
    {
        var faces = MadePersons.Of([0, 0, 1, 1, 2], [[1, 0], [0.96f, 0.28f], [0.8f, 0.6f], [0.6f, 0.8f], [0, 1]]);
        var scores = PairScores.All(faces, null, CancellationToken.None);

        var top = SuspectPair.Top(scores, 0.75f, new SuspectedLabels("/nowhere", new EmptySource()), most: 5);

        Assert.Equal([("p0", "p1", 3, 4), ("p1", "p2", 1, 2)], top.Select(pair => (pair.First, pair.Second, pair.Pairs, pair.OfPairs)));
        Assert.Equal(("photo1", "photo2"), (top[0].FirstPhoto, top[0].SecondPhoto));
        Assert.False(top[0].Listed);
    }
}
