using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Losses;

namespace FaceCloud.Trainer.Tests.Losses;

public sealed class TripletMinerTests
{
    // Photos on a line; person 0 at 0 and 3, person 1 at 2, person 2 at 4 and 9, nobody at 0.5.
    private static readonly float[] Places = [0, 3, 2, 4, 9, 0.5f];
    private static readonly int[] Persons = [0, 0, 1, 2, 2, -1];

    [Fact]
    public void Mine_SemiHard_TakesNearestNegativeBeyondThePositive()
    {
        var triplets = Mine(TripletMining.SemiHard);

        // 0→3: distance 9; 2 is nearer (4), 4 is the nearest beyond (16). 3→0: distance 9; only the one at 9 is beyond (36).
        // 4→9: distance 25; nobody is beyond, the farthest is the one at 0. 9→4: beyond 25 lie 3 (36), 2 (49) and 0 (81).
        Assert.Equal([(0, 1, 3), (1, 0, 4), (3, 4, 0), (4, 3, 1)], AsTuples(triplets));
    }

    [Fact]
    public void Mine_Hard_TakesNearestNegative()
    {
        var triplets = Mine(TripletMining.Hard);

        Assert.Equal([(0, 1, 2), (1, 0, 2), (3, 4, 1), (4, 3, 1)], AsTuples(triplets));
    }

    [Fact]
    public void Mine_BatchAll_TakesEveryNegativeOfEveryPair()
    {
        var triplets = Mine(TripletMining.BatchAll);

        Assert.Equal(
            [(0, 1, 2), (0, 1, 3), (0, 1, 4), (1, 0, 2), (1, 0, 3), (1, 0, 4), (3, 4, 0), (3, 4, 1), (3, 4, 2), (4, 3, 0), (4, 3, 1), (4, 3, 2)],
            AsTuples(triplets));
    }

    [Fact]
    public void Mine_Random_ReachesEveryNegativeAndNobodyElse()
    {
        var negatives = Enumerable.Range(0, 200)
            .SelectMany(step => AsTuples(TripletMiner.Mine(Distances(), Persons, TripletMining.Random, new SmallRandom(1, step, 0))))
            .Where(t => t.Anchor == 0)
            .Select(t => t.Negative)
            .Distinct()
            .Order();

        Assert.Equal([2, 3, 4], negatives);
    }

    [Theory]
    [InlineData(TripletMining.Random)]
    [InlineData(TripletMining.SemiHard)]
    [InlineData(TripletMining.Hard)]
    [InlineData(TripletMining.BatchAll)]
    public void Mine_OnePersonAlone_FindsNothing(TripletMining mining)
    {
        var triplets = TripletMiner.Mine([0, 1, 1, 0], [7, 7], mining, default);

        Assert.Equal(0, triplets.Count);
    }

    private static Triplets Mine(TripletMining mining) => TripletMiner.Mine(Distances(), Persons, mining, default);

    private static float[] Distances() =>
        [.. from a in Places from b in Places select (a - b) * (a - b)];

    private static (int Anchor, int Positive, int Negative)[] AsTuples(Triplets triplets) =>
        [.. Enumerable.Range(0, triplets.Count).Select(i => (triplets.Anchors[i], triplets.Positives[i], triplets.Negatives[i]))];
}
