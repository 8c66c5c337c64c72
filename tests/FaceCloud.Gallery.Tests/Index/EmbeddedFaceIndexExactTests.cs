using FaceCloud.Gallery.Index.Embedded;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests.Index;

/// <summary>Exactness where the codes alone would be wrong, and under load.</summary>
public sealed class EmbeddedFaceIndexExactTests
{
    // Large enough that searches share cores and wait for each other.
    private const int LargeFaces = 36_000;
    private const int LargeDimension = 128;

    private static readonly GalleryKey Gallery = new("default", "staff");

    public enum Kind
    {
        Random,
        Clustered,
        Duplicated,
        AllEqual,
        LastBits,
        OneDominates,
        ClippingEdge,
    }

    public static MatrixTheoryData<Kind, int> KindsAndDimensions => new(Enum.GetValues<Kind>(), [1, 2, 7, 32, 129, 512]);

    [Theory]
    [MemberData(nameof(KindsAndDimensions))]
    public async Task Search_HardData_EqualsBruteForce(Kind kind, int dimension)
    {
        var random = new Random(((int)kind * 1000) + dimension);
        foreach (var faces in (int[])[1, 31, 32, 33, 64, 65, 700])
        {
            var vectors = Faces(random, kind, faces, dimension);
            var index = await FilledAsync(vectors);
            float[][] probes = [vectors[0].Embedding, .. Enumerable.Range(0, 9).Select(_ => Values(random, kind, dimension))];
            foreach (var maxPersons in (int[])[1, 3, 20, faces + 5])
            {
                var one = await index.SearchAsync(Gallery, [probes[^1]], maxPersons, TestContext.Current.CancellationToken);
                var many = await index.SearchAsync(Gallery, probes, maxPersons, TestContext.Current.CancellationToken);

                BruteForce.AssertEqual(vectors, [probes[^1]], maxPersons, one);
                BruteForce.AssertEqual(vectors, probes, maxPersons, many);
            }
        }
    }

    [Theory]
    [InlineData(VectorBlock.MaxRows - 1)]
    [InlineData(VectorBlock.MaxRows)]
    [InlineData(VectorBlock.MaxRows + 1)]
    [InlineData((2 * VectorBlock.MaxRows) + 33)]
    public async Task Search_AroundTheEdgeOfABlock_EqualsBruteForce(int faces)
    {
        var random = new Random(faces);
        var vectors = Faces(random, Kind.Clustered, faces, 11);
        var index = await FilledAsync(vectors);
        float[][] probes = [vectors[^1].Embedding, vectors[VectorBlock.MaxRows - 2].Embedding, Values(random, Kind.Random, 11)];

        var search = await index.SearchAsync(Gallery, probes, 25, TestContext.Current.CancellationToken);

        BruteForce.AssertEqual(vectors, probes, 25, search);
    }

    [Fact]
    public async Task Search_AllFacesEqualOnManyCores_SmallestPersonsInOrder()
    {
        var random = new Random(1);
        var vectors = Faces(random, Kind.AllEqual, LargeFaces, LargeDimension);
        var index = await FilledAsync(vectors);

        var search = await index.SearchAsync(Gallery, [vectors[0].Embedding], 10, TestContext.Current.CancellationToken);

        BruteForce.AssertEqual(vectors, [vectors[0].Embedding], 10, search);
    }

    [Fact]
    public async Task Search_BetweenRandomWrites_EqualsBruteForce()
    {
        var random = new Random(2);
        var token = TestContext.Current.CancellationToken;
        var index = new EmbeddedFaceIndex();
        var vectors = new Dictionary<Guid, FaceVector>();
        for (var round = 0; round < 60; round++)
        {
            var added = Faces(random, Kind.Clustered, random.Next(1, 400), 19);
            added.AddRange(vectors.Values.Take(random.Next(3)).Select(face => face with { PersonId = "moved", Embedding = Values(random, Kind.Random, 19) }));
            await index.UpsertAsync(Gallery, added, token);
            added.ForEach(face => vectors[face.FaceId] = face);

            var gone = vectors.Keys.Where(_ => random.Next(3) == 0).ToList();
            await index.DeleteFacesAsync(Gallery, [.. gone, Guid.NewGuid()], token);
            gone.ForEach(id => vectors.Remove(id));
            var person = $"p{random.Next(50)}";
            await index.DeletePersonAsync(Gallery, person, token);
            vectors.Values.Where(face => face.PersonId == person).ToList().ForEach(face => vectors.Remove(face.FaceId));
            float[][] probes = [Values(random, Kind.Random, 19), Values(random, Kind.Clustered, 19)];
            var search = await index.SearchAsync(Gallery, probes, 12, token);

            BruteForce.AssertEqual([.. vectors.Values], probes, 12, search);
        }
    }

    [Fact]
    public async Task Search_ManyAtOnceOfDifferentLengths_EachEqualsBruteForce()
    {
        var random = new Random(3);
        var vectors = Faces(random, Kind.Clustered, LargeFaces, LargeDimension);
        var index = await FilledAsync(vectors);
        var probes = Enumerable.Range(0, 24).Select(_ => Values(random, Kind.Clustered, LargeDimension)).ToArray();

        var searches = await Task.WhenAll(probes.Select((probe, i) =>
            Task.Run(() => index.SearchAsync(Gallery, i % 5 == 0 ? [probe, probes[0]] : [probe], 1 + i, TestContext.Current.CancellationToken))));

        for (var i = 0; i < probes.Length; i++)
        {
            BruteForce.AssertEqual(vectors, i % 5 == 0 ? [probes[i], probes[0]] : [probes[i]], 1 + i, searches[i]);
        }
    }

    [Fact]
    public async Task Search_CancelledAmongOthers_EndsAloneAndOthersAreAnswered()
    {
        var random = new Random(4);
        var vectors = Faces(random, Kind.Random, LargeFaces, LargeDimension);
        var index = await FilledAsync(vectors);
        var probe = Values(random, Kind.Random, LargeDimension);
        using var cancelled = new CancellationTokenSource();

        var before = Enumerable.Range(0, 4).Select(_ => Task.Run(() => index.SearchAsync(Gallery, [probe], 5, TestContext.Current.CancellationToken))).ToList();
        var some = Enumerable.Range(0, 20).Select(_ => Task.Run(() => index.SearchAsync(Gallery, [probe], 5, cancelled.Token))).ToList();
        var wrong = Task.Run(() => index.SearchAsync(Gallery, [new float[3]], 5, TestContext.Current.CancellationToken));
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => index.SearchAsync(Gallery, [probe], 5, cancelled.Token));
        await Assert.ThrowsAsync<ArgumentException>(() => wrong);

        var expected = BruteForce.Search(vectors, probe, 5);
        foreach (var search in before.Append(Task.Run(() => index.SearchAsync(Gallery, [probe], 5, TestContext.Current.CancellationToken))))
        {
            Assert.Equal(expected, (await search).Matches[0]);
        }

        // Those asked with the token were either answered before it or ended by it.
        foreach (var search in some)
        {
            try
            {
                Assert.Equal(expected, (await search).Matches[0]);
            }
            catch (OperationCanceledException exception)
            {
                Assert.True(cancelled.IsCancellationRequested, exception.Message);
            }
        }
    }

    // The readers' probes and the steady faces lie in the first half of the dimensions, what the writers add in the other:
    // it never belongs to the best, so every answer must be that of the steady faces, whatever the state.
    [Fact]
    public async Task Search_LargeGalleryWhileOthersWrite_ExactAndSeesOwnWrites()
    {
        var token = TestContext.Current.CancellationToken;
        var random = new Random(5);
        var steady = Faces(random, Kind.Clustered, LargeFaces, LargeDimension / 2).ConvertAll(face => face with { Embedding = [.. face.Embedding, .. new float[LargeDimension / 2]] });
        var index = await FilledAsync(steady);
        float[][] probes = [.. Enumerable.Range(0, 4).Select(_ => (float[])[.. Values(random, Kind.Clustered, LargeDimension / 2), .. new float[LargeDimension / 2]])];
        var expected = probes.Select(probe => BruteForce.Search(steady, probe, 10)).ToList();
        using var done = new CancellationTokenSource();

        var readers = Enumerable.Range(0, 4).Select(reader => Task.Run(async () =>
        {
            for (var searches = 0; searches < 10 || !done.IsCancellationRequested; searches++)
            {
                var search = await index.SearchAsync(Gallery, reader % 2 == 0 ? [probes[reader]] : probes, 10, token);
                Assert.Equal(reader % 2 == 0 ? [expected[reader]] : expected, search.Matches);
            }
        })).ToList();
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            var own = new Random(writer);
            for (var i = 0; i < 25; i++)
            {
                var batch = Faces(own, Kind.Random, 60, LargeDimension / 2)
                    .ConvertAll(face => new FaceVector(face.FaceId, $"w{writer}-{i}-{face.PersonId}", [.. new float[LargeDimension / 2], .. face.Embedding]));
                var mine = new FaceVector(batch[^1].FaceId, $"w{writer}-{i}", batch[^1].Embedding);
                batch[^1] = mine;
                await index.UpsertAsync(Gallery, batch, token);
                Assert.Equal(mine.FaceId, (await index.SearchAsync(Gallery, [mine.Embedding], 1, token)).Matches[0][0].FaceId);

                await index.DeletePersonAsync(Gallery, mine.PersonId, token);
                Assert.NotEqual(mine.FaceId, (await index.SearchAsync(Gallery, [mine.Embedding], 1, token)).Matches[0][0].FaceId);
                await index.DeleteFacesAsync(Gallery, [.. batch.Select(face => face.FaceId)], token);
            }
        })).ToList();
        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal(LargeFaces, (await index.GetSizeAsync(Gallery, token)).Faces);
    }

    [Fact]
    public async Task Upsert_WithoutValues_IsRefused()
    {
        var index = new EmbeddedFaceIndex();

        await Assert.ThrowsAsync<ArgumentException>(() =>
            index.UpsertAsync(Gallery, [new FaceVector(Guid.NewGuid(), "p", [])], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Search_ProbeThatIsNotFinite_FindsNobody()
    {
        var vectors = Faces(new Random(6), Kind.Random, 40, 8);
        var index = await FilledAsync(vectors);

        var search = await index.SearchAsync(Gallery, [[1, 0, 0, float.NaN, 0, 0, 0, 0], vectors[3].Embedding], 1, TestContext.Current.CancellationToken);

        Assert.Empty(search.Matches[0]);
        Assert.Equal(vectors[3].FaceId, search.Matches[1][0].FaceId);
    }

    private static async Task<EmbeddedFaceIndex> FilledAsync(IReadOnlyList<FaceVector> vectors)
    {
        var index = new EmbeddedFaceIndex();
        await index.ReplaceAsync(Gallery, vectors.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        return index;
    }

    private static List<FaceVector> Faces(Random random, Kind kind, int faces, int dimension)
    {
        var persons = Math.Max(1, faces / 4);
        return
        [
            .. Enumerable.Range(0, faces).Select(i =>
            {
                var id = new byte[16];
                random.NextBytes(id);
                return new FaceVector(new Guid(id), $"p{(i < persons ? i : random.Next(persons))}", Values(random, kind, dimension));
            })
        ];
    }

    private static float[] Values(Random random, Kind kind, int dimension)
    {
        // The same centres for every call.
        var centre = new Random(random.Next(kind == Kind.Clustered ? 20 : 3));
        var x = new float[dimension];
        for (var i = 0; i < dimension; i++)
        {
            x[i] = kind switch
            {
                Kind.Clustered => centre.NextSingle() - 0.5f + ((random.NextSingle() - 0.5f) * 0.05f),
                Kind.Duplicated => centre.NextSingle() - 0.5f,
                Kind.AllEqual => 1 + (i % 3),
                Kind.OneDominates => (random.NextSingle() - 0.5f) * (i == 0 ? 1 : 1e-4f),
                Kind.ClippingEdge => random.Next(2) == 0 ? 1 : -1,
                Kind.LastBits => 1 + (i * 0.01f),
                _ => random.NextSingle() - 0.5f,
            };
        }

        // Zero only by bad luck, which a seed rules out once and for all.
        var unit = Embeddings.Normalized(x)!;
        if (kind == Kind.LastBits)
        {
            var place = random.Next(dimension);
            unit[place] = random.Next(3) switch { 0 => MathF.BitIncrement(unit[place]), 1 => MathF.BitDecrement(unit[place]), _ => unit[place] };
        }

        return unit;
    }
}
