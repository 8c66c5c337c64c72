using FaceCloud.Gallery.Grouping;
using FaceCloud.Gallery.Store;
using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Tests.Grouping;

public sealed class AverageLinkageTests
{
    private const int Dimension = 16;

    [Theory]
    [InlineData(1, 0.2f)]
    [InlineData(2, 0.4f)]
    [InlineData(3, 0.6f)]
    [InlineData(4, -0.1f)]
    [InlineData(5, 0.95f)]
    public void Group_FacesOfSomePersonsAndNoise_EqualsJoiningTheBestPairOfAllEachTime(int seed, float threshold)
    {
        var random = new Random(seed);
        for (var run = 0; run < 20; run++)
        {
            var faces = Faces(random, persons: random.Next(1, 9), perPerson: random.Next(1, 7), noise: 0.8f);

            var groups = AverageLinkage.Group(faces, threshold, CancellationToken.None);

            Assert.Equal(Text(Plainly(faces, threshold)), Text(groups));
        }
    }

    [Fact]
    public void Group_FacesInAnotherOrder_SameGroups()
    {
        var random = new Random(7);
        var faces = Faces(random, persons: 12, perPerson: 5, noise: 0.7f);
        var order = Enumerable.Range(0, faces.Length).ToArray();
        random.Shuffle(order);

        var groups = AverageLinkage.Group(faces, 0.3f, CancellationToken.None);
        var shuffled = AverageLinkage.Group([.. order.Select(index => faces[index])], 0.3f, CancellationToken.None);

        Assert.Equal(Text(groups), Text([.. shuffled.Select(group => group.Select(index => order[index]).Order().ToList()).OrderBy(group => group[0])]));
    }

    [Fact]
    public void Group_NoFaces_NoGroups() => Assert.Empty(AverageLinkage.Group([], 0.3f, CancellationToken.None));

    [Fact]
    public void Group_SameFaceManyTimes_OneGroup()
    {
        var face = Faces(new Random(1), 1, 1, 1)[0];

        var groups = AverageLinkage.Group([.. Enumerable.Repeat(face, 500)], 0.99f, CancellationToken.None);

        Assert.Equal(500, Assert.Single(groups).Count);
    }

    // A chain of faces, each near to the next only: single linkage would make one person of all.
    [Fact]
    public void Group_ChainOfNeighbours_IsNotOnePerson()
    {
        var chain = Enumerable.Range(0, 9).Select(step => new[] { MathF.Cos(step * 0.5f), MathF.Sin(step * 0.5f) }).ToArray();

        var groups = AverageLinkage.Group(chain, 0.8f, CancellationToken.None);

        Assert.InRange(groups.Count, 3, 5);
    }

    [Fact]
    public void Group_Cancelled_Ends() =>
        Assert.Throws<OperationCanceledException>(() => AverageLinkage.Group(Faces(new Random(1), 3, 3, 1), 0.3f, new CancellationToken(canceled: true)));

    private static float[][] Faces(Random random, int persons, int perPerson, float noise) =>
    [
        .. Enumerable.Range(0, persons).SelectMany(_ =>
        {
            var centre = Direction(random);
            return Enumerable.Range(0, perPerson).Select(_ =>
            {
                var other = Direction(random);
                return Embeddings.Normalized([.. centre.Zip(other, (one, two) => one + (noise * two))])!;
            }).ToArray();
        }),
    ];

    private static float[] Direction(Random random) =>
        Embeddings.Normalized([.. Enumerable.Range(0, Dimension).Select(_ => (random.NextSingle() + random.NextSingle() + random.NextSingle()) - 1.5f)])!;

    // The definition: compute all, join the best, again.
    private static List<List<int>> Plainly(float[][] faces, float threshold)
    {
        var groups = Enumerable.Range(0, faces.Length).Select(index => new List<int> { index }).ToList();
        while (true)
        {
            var (best, one, other) = (double.NegativeInfinity, -1, -1);
            for (var i = 0; i < groups.Count; i++)
            {
                for (var j = i + 1; j < groups.Count; j++)
                {
                    var mean = groups[i].Average(a => groups[j].Average(b => (double)Vectors.DotProduct(faces[a], faces[b])));
                    if (mean > best)
                    {
                        (best, one, other) = (mean, i, j);
                    }
                }
            }

            if (!(best >= threshold))
            {
                return [.. groups.Select(group => group.Order().ToList()).OrderBy(group => group[0])];
            }

            groups[one].AddRange(groups[other]);
            groups.RemoveAt(other);
        }
    }

    private static string Text(IEnumerable<IReadOnlyList<int>> groups) => string.Join(" | ", groups.Select(group => string.Join(' ', group)));
}
