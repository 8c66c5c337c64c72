using FaceCloud.Gallery.Index.Embedded;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Tests.Store;

namespace FaceCloud.Gallery.Tests.Scoring;

public sealed class PersonSearchTests
{
    private const int Dimension = 12;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<PersonScoring, double> RulesAndNoises =>
        new MatrixTheoryData<PersonScoring, double>(Enum.GetValues<PersonScoring>(), [0.3, 1, 5]);

    // Noise 5: a person's photos have hardly more in common than anybody's, so means are short, and best faces say little about them.
    [Theory]
    [MemberData(nameof(RulesAndNoises))]
    public async Task Search_AnyGallery_EqualsBruteForce(PersonScoring kind, double noise)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(Engine.Sqlite);
        var rule = new ScoringRule(kind, 3);
        var random = new Random(3);
        var (search, faces) = await FilledAsync(fixture, TestPersons.Draw(400, _ => 1 + random.Next(6), noise, seed: 4, Dimension));
        var probes = TestPersons.Draw(25, _ => 1, 1, seed: 5, Dimension).Select(photos => photos[0])
            .Concat(faces.Where((_, i) => i % 60 == 0).Select(face => face.Embedding))
            .ToArray();

        foreach (var count in new[] { 1, 2, 7, 100, 399, 400, 5000 })
        {
            var ranking = await search.SearchAsync(fixture.Gallery, probes, rule, count, _ => float.NegativeInfinity, Token);

            Assert.Equal(400, ranking.Searched.Persons);
            foreach (var (probe, found) in probes.Zip(ranking.Persons))
            {
                AssertEqual(BruteForce(faces, rule, probe), found, Math.Min(count, 400));
            }
        }
    }

    [Theory]
    [InlineData(PersonScoring.MeanOfBest)]
    [InlineData(PersonScoring.Centroid)]
    public async Task Search_OnlyAboveAFloor_MissesNobodyThere(PersonScoring kind)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(Engine.Sqlite);
        var rule = new ScoringRule(kind, 2);
        var (search, faces) = await FilledAsync(fixture, TestPersons.Draw(300, _ => 4, 1.5, seed: 6, Dimension));
        var probes = TestPersons.Draw(40, _ => 1, 1, seed: 7, Dimension).Select(photos => photos[0]).ToArray();

        foreach (var floor in new[] { 0.3f, 0.6f, 0.9f })
        {
            var ranking = await search.SearchAsync(fixture.Gallery, probes, rule, 5, _ => floor, Token);

            foreach (var (probe, found) in probes.Zip(ranking.Persons))
            {
                var above = BruteForce(faces, rule, probe).TakeWhile(person => person.Similarity >= floor).Take(5).ToList();
                AssertEqual(above, [.. found.TakeWhile(person => person.Similarity >= floor)], above.Count);
            }
        }
    }

    [Fact]
    public async Task Search_AfterWritesAndDeletions_SeesThem()
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(Engine.Sqlite);
        var rule = new ScoringRule(PersonScoring.Centroid, 0);
        var persons = TestPersons.Draw(120, _ => 3, 1, seed: 8, Dimension);
        var index = new EmbeddedFaceIndex();
        var search = new PersonSearch(fixture.Store, index);
        var faces = await AddAsync(fixture, index, persons, from: 0);
        float[][] probe = [persons[7][1]];
        await CheckAsync();

        // A face that points the other way shortens the mean of person 7 to what nobody else has.
        float[] opposite = [.. persons[7][0].Select(value => -value)];
        faces.AddRange(await AddAsync(fixture, index, [[opposite]], from: 7));
        await CheckAsync();

        var gone = faces.Single(face => face.Embedding.AsSpan().SequenceEqual(opposite));
        Assert.True(await fixture.Store.DeleteFaceAsync(fixture.Gallery, gone.FaceId, Token));
        await index.DeleteFacesAsync(fixture.Gallery, [gone.FaceId], Token);
        faces.Remove(gone);
        await CheckAsync();

        Assert.True(await fixture.Store.DeletePersonAsync(fixture.Gallery, "p007", Token));
        await index.DeletePersonAsync(fixture.Gallery, "p007", Token);
        faces.RemoveAll(face => face.PersonId == "p007");
        await CheckAsync();

        async Task CheckAsync() =>
            AssertEqual(
                BruteForce(faces, rule, probe[0]),
                (await search.SearchAsync(fixture.Gallery, probe, rule, 3, _ => float.NegativeInfinity, Token)).Persons[0],
                3);
    }

    [Theory]
    [InlineData(PersonScoring.BestFace)]
    [InlineData(PersonScoring.MeanOfBest)]
    [InlineData(PersonScoring.Centroid)]
    public async Task Search_EmptyGalleryOrNoProbe_FindsNobody(PersonScoring kind)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(Engine.Sqlite);
        var search = new PersonSearch(fixture.Store, new EmbeddedFaceIndex());

        var nobody = await search.SearchAsync(fixture.Gallery, [[1, 0]], new ScoringRule(kind, 2), 5, _ => 0.5f, Token);
        var nothing = await search.SearchAsync(fixture.Gallery, [], new ScoringRule(kind, 2), 5, _ => 0.5f, Token);

        Assert.Empty(Assert.Single(nobody.Persons));
        Assert.Empty(nothing.Persons);
        Assert.Equal(0, nobody.Searched.Persons);
    }

    [Theory]
    [MemberData(nameof(GalleryStoreTests.Engines), MemberType = typeof(GalleryStoreTests))]
    public async Task LeastTemplateLength_FacesComeAndGo_Follows(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var index = new EmbeddedFaceIndex();
        Assert.Equal(1, await fixture.Store.GetLeastTemplateLengthAsync(fixture.Gallery, Token));

        await AddAsync(fixture, index, [[[1, 0]], [[1, 0], [0.6f, 0.8f]]], from: 0);
        var two = await fixture.Store.GetLeastTemplateLengthAsync(fixture.Gallery, Token);
        var added = await AddAsync(fixture, index, [[[0, 1]]], from: 0);
        var three = await fixture.Store.GetLeastTemplateLengthAsync(fixture.Gallery, Token);
        await fixture.Store.DeleteFaceAsync(fixture.Gallery, added[0].FaceId, Token);
        var again = await fixture.Store.GetLeastTemplateLengthAsync(fixture.Gallery, Token);

        // Means (0.8, 0.4) and (0.5, 0.5).
        Assert.Equal(MathF.Sqrt(0.8f), two, 1e-6f);
        Assert.Equal(MathF.Sqrt(0.5f), three, 1e-6f);
        Assert.Equal(two, again);
    }

    private static async Task<(PersonSearch Search, List<FaceVector> Faces)> FilledAsync(StoreFixture fixture, float[][][] persons)
    {
        var index = new EmbeddedFaceIndex();
        var faces = await AddAsync(fixture, index, persons, from: 0);
        return (new PersonSearch(fixture.Store, index), faces);
    }

    private static async Task<List<FaceVector>> AddAsync(StoreFixture fixture, EmbeddedFaceIndex index, float[][][] persons, int from)
    {
        var acceptance = (await fixture.Store.BeginEnrolmentAsync(fixture.Gallery, "nobody", Token)).Acceptance;
        var added = persons.SelectMany((photos, person) => photos.Select(photo =>
            TestFaces.New(acceptance, $"p{from + person:000}", Guid.NewGuid().ToString(), embedding: photo))).ToList();
        var stored = await fixture.Store.AddFacesAsync(fixture.Gallery, added, Token);
        List<FaceVector> faces = [.. stored.Zip(added, (row, face) => new FaceVector(row.FaceId, face.PersonId, face.Embedding))];
        await index.UpsertAsync(fixture.Gallery, faces, Token);
        return faces;
    }

    private static List<RankedPerson> BruteForce(IEnumerable<FaceVector> faces, ScoringRule rule, float[] probe) =>
    [
        .. faces.GroupBy(face => face.PersonId, StringComparer.Ordinal)
            .Select(person =>
            {
                var score = rule.Score([.. person.OrderBy(face => face.FaceId)], probe);
                return new RankedPerson(person.Key, score.BestFace.FaceId, score.Similarity);
            })
            .OrderByDescending(person => person.Similarity)
            .ThenBy(person => person.PersonId, StringComparer.Ordinal)
    ];

    // Numbers to rounding; persons in order where their numbers are further apart than that.
    private static void AssertEqual(IReadOnlyList<RankedPerson> expected, IReadOnlyList<RankedPerson> found, int count)
    {
        Assert.Equal(count, found.Count);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(expected[i].Similarity, found[i].Similarity, 1e-5f);
            if (i + 1 == expected.Count || expected[i].Similarity - expected[i + 1].Similarity > 1e-5f)
            {
                Assert.Equal(
                    expected.Take(i + 1).Select(person => person.PersonId).Order(StringComparer.Ordinal),
                    found.Take(i + 1).Select(person => person.PersonId).Order(StringComparer.Ordinal));
            }
        }
    }
}
