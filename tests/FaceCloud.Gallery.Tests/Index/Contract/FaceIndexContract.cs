using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests.Index.Contract;

/// <summary>What every index must do, written once: the embedded one, Qdrant's behaviour in this process, and a real server.</summary>
public abstract class FaceIndexContract : IAsyncLifetime
{
    private static readonly GalleryKey Gallery = new("default", "staff");
    private static readonly GalleryKey Other = new("default", "visitors");

    private readonly TestFacts _facts = new();
    private IFaceIndex _index = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _index = await OpenAsync(_facts);
        _facts.Index = _index;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(_index);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(65, 17, 5)]
    [InlineData(1000, 64, 10)]
    [InlineData(400, 512, 100)]
    public async Task Search_RandomFaces_EqualsBruteForce(int faces, int dimension, int maxPersons)
    {
        var random = new Random(faces);
        var vectors = await FillAsync(TestVectors.Random(random, faces, dimension, Math.Max(1, faces / 3)));
        float[][] probes = [vectors[0].Embedding, .. Enumerable.Range(0, 3).Select(_ => TestVectors.Unit(random, dimension))];

        var search = await _index.SearchAsync(Gallery, probes, maxPersons, Token);

        BruteForce.AssertEqual(vectors, probes, maxPersons, search);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    public async Task Search_DuplicatesAndNearTies_EqualsBruteForce(int maxPersons)
    {
        var random = new Random(1);
        var seed = TestVectors.Unit(random, 32);
        var vectors = await FillAsync([.. Enumerable.Range(0, 900)
            .Select(i => new FaceVector(TestVectors.NewGuid(random), $"p{random.Next(120)}", i % 3 == 0 ? seed : TestVectors.Nudged(seed, random)))]);

        var search = await _index.SearchAsync(Gallery, [seed], maxPersons, Token);

        BruteForce.AssertEqual(vectors, [seed], maxPersons, search);
    }

    [Fact]
    public async Task Search_OnePersonsFacesInFrontOfAllOthers_FindsTheOthersToo()
    {
        var random = new Random(2);
        var probe = TestVectors.Unit(random, 16);
        var crowd = Enumerable.Range(0, 300).Select(_ => new FaceVector(TestVectors.NewGuid(random), "crowd", Embeddings.Normalized(TestVectors.Nudged(probe, random))!));
        var vectors = await FillAsync([.. crowd, .. TestVectors.Random(random, 40, 16, 40)]);

        var search = await _index.SearchAsync(Gallery, [probe], 5, Token);

        BruteForce.AssertEqual(vectors, [probe], 5, search);
    }

    [Fact]
    public async Task Search_AfterDeletesAndReplacements_EqualsBruteForce()
    {
        var random = new Random(3);
        var vectors = await FillAsync(TestVectors.Random(random, 600, 24, 150));

        var gone = vectors.Where((_, i) => i % 5 < 3).Select(vector => vector.FaceId).ToList();
        await _index.DeleteFacesAsync(Gallery, [.. gone, Guid.NewGuid()], Token);
        await _index.DeletePersonAsync(Gallery, "p7", Token);
        await _index.DeletePersonAsync(Gallery, "nobody", Token);
        vectors.RemoveAll(vector => gone.Contains(vector.FaceId) || vector.PersonId == "p7");
        var moved = new FaceVector(vectors[10].FaceId, "new", TestVectors.Unit(random, 24));
        await _index.UpsertAsync(Gallery, [moved], Token);
        vectors[10] = moved;
        float[][] probes = [moved.Embedding, TestVectors.Unit(random, 24)];
        var search = await _index.SearchAsync(Gallery, probes, 30, Token);

        BruteForce.AssertEqual(vectors, probes, 30, search);
    }

    [Fact]
    public async Task Search_MorePersonsThanThereAre_ListsAllOnce()
    {
        var vectors = await FillAsync(TestVectors.Random(new Random(4), 30, 8, 10));

        var search = await _index.SearchAsync(Gallery, [vectors[0].Embedding], 100, Token);

        BruteForce.AssertEqual(vectors, [vectors[0].Embedding], 100, search);
    }

    [Fact]
    public async Task Search_UnknownOrEmptiedGallery_IsEmpty()
    {
        var vectors = await FillAsync(TestVectors.Random(new Random(5), 5, 8, 5));

        await _index.DeleteFacesAsync(Gallery, [.. vectors.Select(vector => vector.FaceId)], Token);
        var emptied = await _index.SearchAsync(Gallery, [vectors[0].Embedding], 5, Token);
        var unknown = await _index.SearchAsync(Other, [vectors[0].Embedding], 5, Token);

        Assert.Empty(Assert.Single(emptied.Matches));
        Assert.Empty(Assert.Single(unknown.Matches));
        Assert.Equal(default, emptied.Searched);
    }

    [Fact]
    public async Task Search_SameGalleryIdOfAnotherTenant_SeesNothing()
    {
        var vectors = await FillAsync(TestVectors.Random(new Random(6), 5, 8, 5));
        var stranger = Gallery with { TenantId = "other" };
        _facts.Declare(stranger, 8);

        var search = await _index.SearchAsync(stranger, [vectors[0].Embedding], 5, Token);

        Assert.Empty(search.Matches[0]);
    }

    [Fact]
    public async Task Search_ProbeThatIsNotFinite_FindsNobody()
    {
        var vectors = await FillAsync(TestVectors.Random(new Random(7), 40, 8, 40));

        var search = await _index.SearchAsync(Gallery, [[1, 0, 0, float.NaN, 0, 0, 0, 0], vectors[3].Embedding], 1, Token);

        Assert.Empty(search.Matches[0]);
        Assert.Equal(vectors[3].FaceId, search.Matches[1][0].FaceId);
    }

    [Fact]
    public async Task Search_NoPersonsAskedFor_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _index.SearchAsync(Gallery, [[1]], 0, Token));

    [Fact]
    public async Task Search_PersonIdsOfAllKinds_AreGivenBackAsTheyAre()
    {
        string[] ids = ["Ada", "ada", "ada ", "o'Neil \"x\"", "名前/1", "a\\b", "{\"must\":[]}", "ＡＤＡ"];
        var random = new Random(8);
        var vectors = await FillAsync([.. ids.Select(id => new FaceVector(TestVectors.NewGuid(random), id, TestVectors.Unit(random, 8)))]);

        await _index.DeletePersonAsync(Gallery, "ada", Token);
        vectors.RemoveAll(vector => vector.PersonId == "ada");
        var search = await _index.SearchAsync(Gallery, [vectors[0].Embedding], 20, Token);

        BruteForce.AssertEqual(vectors, [vectors[0].Embedding], 20, search);
    }

    [Fact]
    public async Task Upsert_AnotherDimension_IsRefusedAndChangesNothing()
    {
        await FillAsync(TestVectors.Random(new Random(9), 5, 8, 5));

        await Assert.ThrowsAsync<ArgumentException>(() => _index.UpsertAsync(Gallery, [new FaceVector(Guid.NewGuid(), "x", new float[9])], Token));

        Assert.Equal(new IndexSize(5, 5), await _index.GetSizeAsync(Gallery, Token));
    }

    [Fact]
    public async Task Upsert_Twice_ChangesNothing()
    {
        var vectors = await FillAsync(TestVectors.Random(new Random(10), 5, 8, 3));

        await _index.UpsertAsync(Gallery, vectors, Token);
        await _index.UpsertAsync(Gallery, [], Token);

        Assert.Equal(new IndexSize(3, 5), await _index.GetSizeAsync(Gallery, Token));
    }

    [Fact]
    public async Task Replace_OtherFaces_HoldsExactlyThose()
    {
        await FillAsync(TestVectors.Random(new Random(11), 50, 8, 50));
        var others = TestVectors.Random(new Random(12), 20, 8, 4);

        await _index.ReplaceAsync(Gallery, others.ToAsyncEnumerable(), Token);
        var search = await _index.SearchAsync(Gallery, [others[0].Embedding], 10, Token);

        BruteForce.AssertEqual(others, [others[0].Embedding], 10, search);
    }

    [Fact]
    public async Task DeleteGallery_OneOfTwo_LeavesTheOther()
    {
        var random = new Random(13);
        await FillAsync(TestVectors.Random(random, 20, 8, 20));
        var others = await FillAsync(TestVectors.Random(random, 20, 8, 20), Other);

        await _index.DeleteGalleryAsync(Gallery, Token);
        var kept = await _index.SearchAsync(Other, [others[0].Embedding], 3, Token);

        Assert.Equal(default, await _index.GetSizeAsync(Gallery, Token));
        BruteForce.AssertEqual(others, [others[0].Embedding], 3, kept);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_AllFaces_GivesEachOnceAsItWasWritten(bool withEmbeddings)
    {
        var random = new Random(14);
        var vectors = await FillAsync(TestVectors.Random(random, 700, 16, 50));
        await FillAsync(TestVectors.Random(random, 30, 16, 5), Other);
        await _index.DeleteFacesAsync(Gallery, [vectors[5].FaceId], Token);
        vectors.RemoveAt(5);

        var read = await _index.ReadAsync(Gallery, withEmbeddings, Token).ToDictionaryAsync(face => face.FaceId, cancellationToken: Token);

        Assert.Equal(vectors.Count, read.Count);
        Assert.All(vectors, vector =>
        {
            Assert.Equal(vector.PersonId, read[vector.FaceId].PersonId);
            Assert.Equal(withEmbeddings ? vector.Embedding : null, read[vector.FaceId].Embedding);
        });
    }

    [Fact]
    public async Task FindFaces_SomeThere_GivesThose()
    {
        var random = new Random(15);
        var vectors = await FillAsync(TestVectors.Random(random, 20, 8, 20));
        var others = await FillAsync(TestVectors.Random(random, 2, 8, 2), Other);

        var found = await _index.FindFacesAsync(Gallery, [vectors[0].FaceId, Guid.NewGuid(), others[0].FaceId, vectors[7].FaceId], Token);
        var unknown = await _index.FindFacesAsync(new GalleryKey("default", "none"), [vectors[0].FaceId], Token);

        Assert.Equal(new[] { vectors[0].FaceId, vectors[7].FaceId }.Order(), found.Order());
        Assert.Empty(unknown);
    }

    [Fact]
    public async Task ListGalleries_ButForSome_GivesTheOthersWithFaces()
    {
        var random = new Random(16);
        await FillAsync(TestVectors.Random(random, 20, 8, 20));
        await FillAsync(TestVectors.Random(random, 20, 12, 20), Other);
        await FillAsync(TestVectors.Random(random, 3, 8, 3), new GalleryKey("tenant/x", "emptied"));
        await _index.DeleteGalleryAsync(new GalleryKey("tenant/x", "emptied"), Token);

        var all = await _index.ListGalleriesAsync(new HashSet<GalleryKey>(), Token);
        var others = await _index.ListGalleriesAsync(new HashSet<GalleryKey> { Gallery }, Token);

        Assert.Equal([Gallery.GalleryId, Other.GalleryId], all.Select(gallery => gallery.GalleryId).Order());
        Assert.Equal([Other], others);
    }

    [Fact]
    public async Task Clear_Everything_BeginsAnew()
    {
        var vectors = await FillAsync(TestVectors.Random(new Random(17), 20, 8, 20));

        await _index.ClearAsync(Token);
        var cleared = await _index.ListGalleriesAsync(new HashSet<GalleryKey>(), Token);
        await FillAsync(vectors);
        var search = await _index.SearchAsync(Gallery, [vectors[1].Embedding], 2, Token);

        Assert.Empty(cleared);
        BruteForce.AssertEqual(vectors, [vectors[1].Embedding], 2, search);
    }

    [Fact]
    public async Task Write_ThenSearchAtOnce_IsSeen()
    {
        var random = new Random(18);
        await FillAsync(TestVectors.Random(random, 50, 16, 50));

        for (var i = 0; i < 20; i++)
        {
            var face = new FaceVector(TestVectors.NewGuid(random), $"new {i}", TestVectors.Unit(random, 16));
            await _index.UpsertAsync(Gallery, [face], Token);
            Assert.Equal(face.FaceId, (await _index.SearchAsync(Gallery, [face.Embedding], 1, Token)).Matches[0][0].FaceId);

            await _index.DeleteFacesAsync(Gallery, [face.FaceId], Token);
            Assert.NotEqual(face.FaceId, (await _index.SearchAsync(Gallery, [face.Embedding], 1, Token)).Matches[0][0].FaceId);
        }
    }

    private protected abstract Task<IFaceIndex> OpenAsync(TestFacts facts);

    private protected virtual ValueTask CloseAsync(IFaceIndex index) => ValueTask.CompletedTask;

    private async Task<List<FaceVector>> FillAsync(List<FaceVector> vectors, GalleryKey? gallery = null)
    {
        var key = gallery ?? Gallery;
        await _index.PrepareAsync(key, TestFacts.Space(vectors[0].Embedding.Length), Token);
        _facts.Declare(key, vectors[0].Embedding.Length);
        foreach (var batch in vectors.Chunk(333))
        {
            await _index.UpsertAsync(key, batch, Token);
        }

        return vectors;
    }
}
