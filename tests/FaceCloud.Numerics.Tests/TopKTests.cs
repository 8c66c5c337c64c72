namespace FaceCloud.Numerics.Tests;

public sealed class TopKTests
{
    [Fact]
    public void Sort_ManySizes_EqualsSortingEverything()
    {
        for (var k = 1; k <= 40; k++)
        {
            for (var count = 0; count <= 130; count += 13)
            {
                // Few different values, so that ties are common.
                var random = new Random((k * 1000) + count);
                var scores = Enumerable.Range(0, count).Select(_ => random.Next(12) / 4f).ToArray();
                var naive = scores.Select((score, index) => (score, index))
                    .OrderByDescending(pair => pair.score).ThenBy(pair => pair.index).Take(k).ToArray();

                Assert.Equal(naive, Select(scores, Enumerable.Range(0, count).ToArray(), k));
            }
        }
    }

    [Fact]
    public void Sort_OfferedInAnotherOrder_SameResult()
    {
        float[] scores = [0.5f, 0.9f, 0.5f, 0.9f, 0.1f, 0.5f];

        var forwards = Select(scores, [0, 1, 2, 3, 4, 5], 4);
        var backwards = Select(scores, [5, 4, 3, 2, 1, 0], 4);

        Assert.Equal([(0.9f, 1), (0.9f, 3), (0.5f, 0), (0.5f, 2)], forwards);
        Assert.Equal(forwards, backwards);
    }

    [Fact]
    public void Offer_NaN_IsNotKept()
    {
        float[] scores = [float.NaN, -1, float.NaN];

        Assert.Equal([(-1f, 1)], Select(scores, [0, 1, 2], 3));
    }

    [Fact]
    public void Bar_FillingUp_IsWorstKeptOnceFull()
    {
        var top = new TopK(new float[2], new int[2]);
        Assert.Equal(float.NegativeInfinity, top.Bar);

        top.Offer(3, 0);
        top.Offer(1, 1);
        Assert.Equal(1, top.Bar);

        top.Offer(2, 2);
        Assert.Equal(2, top.Bar);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 3)]
    public void Constructor_MemoryDoesNotFit_Throws(int scores, int indexes)
    {
        Assert.Throws<ArgumentException>(() => _ = new TopK(new float[scores], new int[indexes]));
    }

    private static (float Score, int Index)[] Select(float[] scores, int[] order, int k)
    {
        var (best, indexes) = (new float[k], new int[k]);
        var top = new TopK(best, indexes);
        foreach (var index in order)
        {
            top.Offer(scores[index], index);
        }

        top.Sort();
        return best.Zip(indexes).Take(top.Count).ToArray();
    }
}
