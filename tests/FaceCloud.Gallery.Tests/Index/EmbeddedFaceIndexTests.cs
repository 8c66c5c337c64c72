using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Index.Embedded;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests.Index;

public sealed class EmbeddedFaceIndexTests
{
    private static readonly GalleryKey Gallery = new("default", "staff");

    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(63, 16, 3)]
    [InlineData(64, 16, 5)]
    [InlineData(65, 17, 5)]
    [InlineData(1000, 64, 10)]
    [InlineData(40_000, 128, 100)]
    public async Task Search_RandomFaces_EqualsBruteForce(int faces, int dimension, int maxPersons)
    {
        var random = new Random(faces);
        var vectors = RandomVectors(random, faces, dimension, Math.Max(1, faces / 3));
        var index = await FilledAsync(vectors);
        float[][] probes = [.. Enumerable.Range(0, 3).Select(_ => RandomUnit(random, dimension))];

        var search = await index.SearchAsync(Gallery, probes, maxPersons, TestContext.Current.CancellationToken);

        BruteForce.AssertEqual(vectors, probes, maxPersons, search);
    }

    [Fact]
    public async Task Search_DuplicatesAndNearTies_EqualsBruteForce()
    {
        var random = new Random(1);
        var seed = RandomUnit(random, 32);
        var vectors = Enumerable.Range(0, 6000)
            .Select(i => new FaceVector(NewGuid(random), $"p{random.Next(500)}", i % 3 == 0 ? seed : Nudged(seed, random)))
            .ToList();
        var index = await FilledAsync(vectors);

        var search = await index.SearchAsync(Gallery, [seed], 50, TestContext.Current.CancellationToken);

        BruteForce.AssertEqual(vectors, [seed], 50, search);
    }

    [Fact]
    public async Task Search_AfterManyDeletesAndReplacements_EqualsBruteForce()
    {
        var random = new Random(2);
        var vectors = RandomVectors(random, 20_000, 24, 4000);
        var index = await FilledAsync(vectors);
        var token = TestContext.Current.CancellationToken;

        var gone = vectors.Where((_, i) => i % 5 < 3).Select(vector => vector.FaceId).ToList();
        await index.DeleteFacesAsync(Gallery, gone, token);
        await index.DeletePersonAsync(Gallery, "p7", token);
        vectors.RemoveAll(vector => gone.Contains(vector.FaceId) || vector.PersonId == "p7");
        var replaced = new FaceVector(vectors[10].FaceId, "new", RandomUnit(random, 24));
        await index.UpsertAsync(Gallery, [replaced], token);
        vectors[10] = replaced;
        var probe = RandomUnit(random, 24);
        var search = await index.SearchAsync(Gallery, [probe], 200, token);

        BruteForce.AssertEqual(vectors, [probe], 200, search);
    }

    [Fact]
    public async Task Search_MorePersonsThanThereAre_ListsAllOnce()
    {
        var vectors = RandomVectors(new Random(3), 30, 8, 10);
        var index = await FilledAsync(vectors);

        var search = await index.SearchAsync(Gallery, [vectors[0].Embedding], 1000, TestContext.Current.CancellationToken);

        Assert.Equal(vectors.Select(vector => vector.PersonId).Distinct().Order(), search.Matches[0].Select(match => match.PersonId).Order());
        Assert.Equal(vectors[0].FaceId, search.Matches[0][0].FaceId);
    }

    [Fact]
    public async Task Search_UnknownOrEmptiedGallery_IsEmpty()
    {
        var vectors = RandomVectors(new Random(4), 5, 8, 5);
        var index = await FilledAsync(vectors);
        var token = TestContext.Current.CancellationToken;

        await index.DeleteFacesAsync(Gallery, [.. vectors.Select(vector => vector.FaceId)], token);
        var emptied = await index.SearchAsync(Gallery, [vectors[0].Embedding], 5, token);
        var unknown = await index.SearchAsync(Gallery with { GalleryId = "other" }, [vectors[0].Embedding], 5, token);

        Assert.Empty(Assert.Single(emptied.Matches));
        Assert.Empty(Assert.Single(unknown.Matches));
        Assert.Equal(default, emptied.Searched);
    }

    [Fact]
    public async Task Search_SameGalleryIdOfAnotherTenant_SeesNothing()
    {
        var vectors = RandomVectors(new Random(5), 5, 8, 5);
        var index = await FilledAsync(vectors);

        var search = await index.SearchAsync(new GalleryKey("other", "staff"), [vectors[0].Embedding], 5, TestContext.Current.CancellationToken);

        Assert.Empty(search.Matches[0]);
    }

    [Fact]
    public async Task Upsert_AnotherDimension_IsRefusedAndChangesNothing()
    {
        var index = await FilledAsync(RandomVectors(new Random(6), 5, 8, 5));
        var token = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<ArgumentException>(() => index.UpsertAsync(Gallery, [new FaceVector(Guid.NewGuid(), "x", new float[9])], token));

        Assert.Equal(new IndexSize(5, 5), await index.GetSizeAsync(Gallery, token));
    }

    [Fact]
    public async Task Replace_OtherFaces_HoldsExactlyThose()
    {
        var index = await FilledAsync(RandomVectors(new Random(7), 50, 8, 50));
        var others = RandomVectors(new Random(8), 20, 8, 4);
        var token = TestContext.Current.CancellationToken;

        await index.ReplaceAsync(Gallery, others.ToAsyncEnumerable(), token);
        var search = await index.SearchAsync(Gallery, [others[0].Embedding], 10, token);

        BruteForce.AssertEqual(others, [others[0].Embedding], 10, search);
    }

    // Pairs of faces are always written and deleted together: a reader that sees one of a pair saw half a write.
    [Fact]
    public async Task Search_WhileOthersWrite_SeesWholeWritesAndItsOwn()
    {
        const int dimension = 16;
        var index = new EmbeddedFaceIndex();
        var token = TestContext.Current.CancellationToken;
        using var done = new CancellationTokenSource();

        var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            var searches = 0;
            while (!done.IsCancellationRequested || searches == 0)
            {
                var search = await index.SearchAsync(Gallery, [RandomUnit(random, dimension)], 100_000, token);
                var seen = search.Matches[0];
                Assert.Equal(search.Searched.Persons, seen.Count);
                Assert.Equal(seen.Count, seen.Select(match => match.PersonId).Distinct().Count());
                Assert.Equal(
                    seen.Where(match => match.PersonId.EndsWith("-left", StringComparison.Ordinal)).Select(match => match.PersonId[..^5]).Order(),
                    seen.Where(match => match.PersonId.EndsWith("-right", StringComparison.Ordinal)).Select(match => match.PersonId[..^6]).Order());
                searches++;
            }
        })).ToList();
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            var random = new Random(100 + writer);
            var mine = new List<(Guid Left, Guid Right)>();
            for (var i = 0; i < 400; i++)
            {
                var pair = (Left: NewGuid(random), Right: NewGuid(random));
                var embedding = RandomUnit(random, dimension);
                await index.UpsertAsync(
                    Gallery,
                    [new FaceVector(pair.Left, $"{writer}-{i}-left", embedding), new FaceVector(pair.Right, $"{writer}-{i}-right", embedding)],
                    token);
                mine.Add(pair);
                var own = await index.SearchAsync(Gallery, [embedding], 2, token);
                Assert.Equal([$"{writer}-{i}-left", $"{writer}-{i}-right"], own.Matches[0].Select(match => match.PersonId));

                if (i % 4 != 0)
                {
                    var victim = mine[random.Next(mine.Count)];
                    await index.DeleteFacesAsync(Gallery, [victim.Left, victim.Right], token);
                    mine.Remove(victim);
                }
            }

            return mine.Count;
        })).ToList();
        var left = (await Task.WhenAll(writers)).Sum();
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal(new IndexSize(2 * left, 2 * left), await index.GetSizeAsync(Gallery, token));
    }

    private static async Task<EmbeddedFaceIndex> FilledAsync(IReadOnlyList<FaceVector> vectors)
    {
        var index = new EmbeddedFaceIndex();
        foreach (var batch in vectors.Chunk(777))
        {
            await index.UpsertAsync(Gallery, batch, TestContext.Current.CancellationToken);
        }

        return index;
    }

    private static List<FaceVector> RandomVectors(Random random, int faces, int dimension, int persons) =>
        [.. Enumerable.Range(0, faces).Select(i => new FaceVector(NewGuid(random), $"p{(i < persons ? i : random.Next(persons))}", RandomUnit(random, dimension)))];

    private static Guid NewGuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static float[] RandomUnit(Random random, int dimension) =>
        Embeddings.Normalized([.. Enumerable.Range(0, dimension).Select(_ => (float)(random.NextDouble() - 0.5))])!;

    private static float[] Nudged(float[] unit, Random random)
    {
        var copy = (float[])unit.Clone();
        copy[random.Next(copy.Length)] += 1e-6f * random.Next(-3, 4);
        return copy;
    }
}
