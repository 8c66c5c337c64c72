using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Tests.Store;

public sealed class GalleryStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<Engine> Engines => new(Enum.GetValues<Engine>());

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Migrations_Model_HaveNoPendingChanges(Engine engine)
    {
        await using var fixture = await StoreFixture.OpenAsync(engine);
        await using var context = fixture.Contexts.CreateDbContext();

        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Token));
    }

    [Fact]
    public async Task Connection_Sqlite_UsesWriteAheadLogWithBusyTimeout()
    {
        await using var fixture = await StoreFixture.OpenAsync(Engine.Sqlite);
        await using var context = fixture.Contexts.CreateDbContext();

        Assert.Equal("wal", await context.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(Token));
        Assert.Equal(10_000, await context.Database.SqlQueryRaw<int>("SELECT timeout AS Value FROM pragma_busy_timeout").SingleAsync(Token));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task CreateGallery_Twice_OnlyTheFirst(Engine engine)
    {
        await using var fixture = await StoreFixture.OpenAsync(engine);

        Assert.True(await fixture.CreateGalleryAsync());
        Assert.False(await fixture.CreateGalleryAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task CreateGallery_AtOnce_OnlyOneSucceeds(Engine engine)
    {
        await using var fixture = await StoreFixture.OpenAsync(engine);

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => fixture.CreateGalleryAsync())));

        Assert.Single(made, success => success);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task GalleryOfAnotherTenant_SameId_IsAnother(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(Acceptance.At(fixture.Clock.GetUtcNow()))], Token);
        var foreign = new GalleryKey(Guid.NewGuid().ToString("N"), "staff");

        Assert.Null(await fixture.Store.FindGalleryAsync(foreign, Token));
        Assert.Null(await fixture.Store.FindPersonAsync(foreign, "ada", Token));
        Assert.Empty(await fixture.Store.ListFacesAsync(foreign, null, null, 10, Token));
        Assert.Empty(await fixture.Store.ListGalleriesAsync(foreign.TenantId, "", 10, Token));
        Assert.False(await fixture.Store.DeletePersonAsync(foreign, "ada", Token));
        Assert.False(await fixture.Store.DeleteGalleryAsync(foreign, Token));
        Assert.NotNull(await fixture.Store.FindPersonAsync(fixture.Gallery, "ada", Token));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_NewPerson_StoresBothAndBindsContract(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var item = Guid.NewGuid();

        var stored = Assert.Single(await fixture.Store.AddFacesAsync(
            fixture.Gallery, [TestFaces.New(Acceptance.At(fixture.Clock.GetUtcNow()), item: item)], Token));
        var summary = await fixture.Store.SummarizeGalleryAsync(fixture.Gallery, Token);
        var face = await fixture.Store.FindFaceAsync(fixture.Gallery, stored.FaceId, Token);

        Assert.Equal(StoredFaceState.Added, stored.State);
        Assert.Equal((1L, 1L), (summary!.Persons, summary.Faces));
        Assert.Equal((TestFaces.Contract, TestFaces.Dimension), (summary.Gallery.EmbeddingContract, summary.Gallery.Dimension));
        Assert.Equal(TestFaces.Axis(0), EmbeddingBytes.ToFloats(face!.Embedding));
        Assert.Equal(item, face.ItemId);
        Assert.Equal(fixture.Clock.GetUtcNow(), face.CreatedAt);
        Assert.Equal((1f, 40f, 0.75f, -4f), (face.BoxX, face.BoxHeight, face.QualityScore, face.Pitch));
        Assert.Equal("Ada", (await fixture.Store.FindPersonAsync(fixture.Gallery, "ada", Token))!.Person.Name);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_SamePhotoAgain_OwnItemAddedBeforeOthersDuplicate(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var acceptance = Acceptance.At(fixture.Clock.GetUtcNow());
        var mine = TestFaces.New(acceptance, item: Guid.NewGuid());
        var theirs = TestFaces.New(acceptance, item: Guid.NewGuid());
        var call = TestFaces.New(acceptance);

        var first = await fixture.Store.AddFacesAsync(fixture.Gallery, [mine, theirs], Token);
        var again = await fixture.Store.AddFacesAsync(fixture.Gallery, [mine, theirs, call], Token);

        Assert.Equal([StoredFaceState.Added, StoredFaceState.Duplicate], first.Select(face => face.State));
        Assert.Equal([StoredFaceState.AddedBefore, StoredFaceState.Duplicate, StoredFaceState.Duplicate], again.Select(face => face.State));
        Assert.Single(await fixture.Store.ListFacesAsync(fixture.Gallery, null, null, 10, Token));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_OtherContractOrLength_RefusesOnlyThose(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var acceptance = Acceptance.At(fixture.Clock.GetUtcNow());

        var stored = await fixture.Store.AddFacesAsync(
            fixture.Gallery,
            [
                TestFaces.New(acceptance, photo: "1"),
                TestFaces.New(acceptance, photo: "2", contract: "other:ffffffffffff"),
                TestFaces.New(acceptance, photo: "3", embedding: TestFaces.Axis(0, 9)),
                TestFaces.New(acceptance, photo: "4"),
            ],
            Token);

        Assert.Equal(
            [null, FailureReason.ContractMismatch, FailureReason.EmbeddingWrongLength, null],
            stored.Select(face => face.Refusal?.Reason));
        Assert.Equal(2, (await fixture.Store.ListFacesAsync(fixture.Gallery, null, null, 10, Token)).Count);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_NoGallery_RefusesAll(Engine engine)
    {
        await using var fixture = await StoreFixture.OpenAsync(engine);

        var stored = await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(Acceptance.At(fixture.Clock.GetUtcNow()))], Token);

        Assert.Equal(FailureReason.GalleryNotFound, Assert.Single(stored).Refusal!.Reason);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_AcceptedBeforePersonWasDeleted_IsRefusedAfterwardsNot(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var before = Acceptance.At(fixture.Clock.GetUtcNow());
        await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(before)], Token);
        fixture.Clock.Turn(TimeSpan.FromTicks(1));
        await fixture.Store.DeletePersonAsync(fixture.Gallery, "ada", Token);
        fixture.Clock.Turn(TimeSpan.FromTicks(1));
        var after = Acceptance.At(fixture.Clock.GetUtcNow());

        var late = await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(before, photo: "late"), TestFaces.New(before, "bob")], Token);
        var renewed = await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(after)], Token);
        var stillLate = await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(before, photo: "late")], Token);

        Assert.Equal([FailureReason.PersonDeleted, null], late.Select(face => face.Refusal?.Reason));
        Assert.Equal(StoredFaceState.Added, Assert.Single(renewed).State);
        Assert.Equal(FailureReason.PersonDeleted, Assert.Single(stillLate).Refusal!.Reason);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_AcceptedBeforeGalleryWasDeletedAndMadeAgain_IsRefused(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var before = Acceptance.At(fixture.Clock.GetUtcNow());
        fixture.Clock.Turn(TimeSpan.FromSeconds(1));
        await fixture.Store.DeleteGalleryAsync(fixture.Gallery, Token);
        fixture.Clock.Turn(TimeSpan.FromSeconds(1));
        await fixture.CreateGalleryAsync();

        var stored = await fixture.Store.AddFacesAsync(
            fixture.Gallery, [TestFaces.New(before), TestFaces.New(Acceptance.At(fixture.Clock.GetUtcNow()), "bob")], Token);

        Assert.Equal([FailureReason.GalleryNotFound, null], stored.Select(face => face.Refusal?.Reason));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_AcceptedBeforeFaceWasDeleted_IsRefused(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var face = TestFaces.New(Acceptance.At(fixture.Clock.GetUtcNow()), item: Guid.NewGuid());
        var id = (await fixture.Store.AddFacesAsync(fixture.Gallery, [face], Token))[0].FaceId;
        await fixture.Store.DeleteFaceAsync(fixture.Gallery, id, Token);

        var redelivered = await fixture.Store.AddFacesAsync(fixture.Gallery, [face], Token);

        Assert.Equal(FailureReason.FaceNotFound, Assert.Single(redelivered).Refusal!.Reason);
        Assert.NotNull(await fixture.Store.FindPersonAsync(fixture.Gallery, "ada", Token));
    }

    // The clock stands still: a call must not need it to tell a deletion before it from one during it.
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task BeginEnrolment_DeletionBeforeAndDuring_OnlyTheLatterRefuses(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(Acceptance.Seen(null, null))], Token);
        await fixture.Store.DeletePersonAsync(fixture.Gallery, "ada", Token);

        var (_, undisturbed) = await fixture.Store.BeginEnrolmentAsync(fixture.Gallery, "ada", Token);
        var added = await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(undisturbed)], Token);
        var (_, disturbed) = await fixture.Store.BeginEnrolmentAsync(fixture.Gallery, "ada", Token);
        await fixture.Store.DeletePersonAsync(fixture.Gallery, "ada", Token);
        var refused = await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(disturbed)], Token);

        Assert.Equal(StoredFaceState.Added, added[0].State);
        Assert.Equal(FailureReason.PersonDeleted, refused[0].Refusal!.Reason);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task DeletePerson_LongAfterAnother_ForgetsTheOlderDeletion(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var now = fixture.Clock.GetUtcNow();
        await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(Acceptance.At(now)), TestFaces.New(Acceptance.At(now), "bob")], Token);
        await fixture.Store.DeletePersonAsync(fixture.Gallery, "ada", Token);
        fixture.Clock.Turn(new GalleryOptions().DeletionMemory + TimeSpan.FromDays(1));
        await fixture.Store.DeletePersonAsync(fixture.Gallery, "bob", Token);

        await using var context = fixture.Contexts.CreateDbContext();
        var remembered = await context.Deletions.Where(row => row.TenantId == fixture.Tenant).Select(row => row.PersonId).ToListAsync(Token);

        Assert.Equal(["bob"], remembered);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task DeleteGallery_WithPersonsAndFaces_LeavesNoRow(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var acceptance = Acceptance.At(fixture.Clock.GetUtcNow());
        await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(acceptance), TestFaces.New(acceptance, "bob")], Token);

        Assert.True(await fixture.Store.DeleteGalleryAsync(fixture.Gallery, Token));
        Assert.False(await fixture.Store.DeleteGalleryAsync(fixture.Gallery, Token));

        await using var context = fixture.Contexts.CreateDbContext();
        Assert.False(await context.Persons.AnyAsync(row => row.TenantId == fixture.Tenant, Token));
        Assert.False(await context.Faces.AnyAsync(row => row.TenantId == fixture.Tenant, Token));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Pages_MixedIds_AreInByteOrderWithoutGaps(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        string[] persons = ["a", "B", "b", "é", "Z", "_", "10", "9", "日本"];
        var acceptance = Acceptance.At(fixture.Clock.GetUtcNow());
        await fixture.Store.AddFacesAsync(fixture.Gallery, [.. persons.Select(person => TestFaces.New(acceptance, person))], Token);

        var ids = new List<string>();
        for (var page = await fixture.Store.ListPersonsAsync(fixture.Gallery, "", 2, Token); page.Count > 0; page = await fixture.Store.ListPersonsAsync(fixture.Gallery, ids[^1], 2, Token))
        {
            ids.AddRange(page.Select(person => person.Person.PersonId));
        }

        var faces = new List<Guid>();
        for (var page = await fixture.Store.ListFacesAsync(fixture.Gallery, null, null, 4, Token); page.Count > 0; page = await fixture.Store.ListFacesAsync(fixture.Gallery, null, faces[^1], 4, Token))
        {
            faces.AddRange(page.Select(face => face.FaceId));
        }

        Assert.Equal(persons.Order(StringComparer.Ordinal), ids);
        Assert.Equal(persons.Length, faces.Distinct().Count());
        Assert.Equal(faces.Count, faces.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task UpsertPerson_Known_ReplacesWhatIsSaidAndKeepsTheRest(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        await fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(Acceptance.At(fixture.Clock.GetUtcNow()))], Token);
        var created = fixture.Clock.GetUtcNow();
        fixture.Clock.Turn(TimeSpan.FromHours(1));

        await fixture.Store.UpsertPersonAsync(
            new PersonRow
            {
                TenantId = fixture.Tenant,
                GalleryId = "staff",
                PersonId = "ada",
                Name = "Ada L.",
                ExternalId = "42",
                Metadata = new() { ["team"] = "maths", ["note"] = "line\nbreak \"quoted\" ü" },
                CreatedAt = fixture.Clock.GetUtcNow(),
            },
            Token);
        var person = await fixture.Store.FindPersonAsync(fixture.Gallery, "ada", Token);

        Assert.Equal(("Ada L.", "42", 1, created), (person!.Person.Name, person.Person.ExternalId, person.Faces, person.Person.CreatedAt));
        Assert.Equal("line\nbreak \"quoted\" ü", person.Person.Metadata["note"]);
    }

    // Whatever the order in which they run, a person that was deleted last is gone, and rows and answers agree.
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_WhileThePersonIsDeleted_NeverBringsBack(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        for (var round = 0; round < 10; round++)
        {
            var (_, acceptance) = await fixture.Store.BeginEnrolmentAsync(fixture.Gallery, "ada", Token);
            await fixture.Store.UpsertPersonAsync(
                new PersonRow { TenantId = fixture.Tenant, GalleryId = "staff", PersonId = "ada", CreatedAt = fixture.Clock.GetUtcNow() }, Token);

            var adding = Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
                fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(acceptance, photo: $"{round}-{i}")], Token))));
            var deleting = Task.Run(() => fixture.Store.DeletePersonAsync(fixture.Gallery, "ada", Token));
            await Task.WhenAll(adding, deleting);

            Assert.True(await deleting);
            Assert.Null(await fixture.Store.FindPersonAsync(fixture.Gallery, "ada", Token));
            Assert.Empty(await fixture.Store.ListFacesAsync(fixture.Gallery, null, null, 10, Token));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AddFaces_ManyWritersAtOnce_StoreEveryFaceOnce(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var acceptance = Acceptance.At(fixture.Clock.GetUtcNow());

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            fixture.Store.AddFacesAsync(fixture.Gallery, [TestFaces.New(acceptance, $"p{i % 4}", photo: $"{i / 2}")], Token))));
        var faces = await fixture.Store.ListFacesAsync(fixture.Gallery, null, null, 100, Token);

        Assert.Equal(faces.Count, answers.Count(answer => answer[0].State == StoredFaceState.Added));
        Assert.Equal(faces.Select(face => face.FaceId).Order(), answers.Select(answer => answer[0].FaceId).Distinct().Order());
    }

    // So many that several readers share them.
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ReadVectors_LargeGallery_EveryFaceOnce(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var acceptance = Acceptance.At(fixture.Clock.GetUtcNow());
        List<StoredFace> stored = [];
        foreach (var part in Enumerable.Range(0, 4500).Chunk(900))
        {
            stored.AddRange(await fixture.Store.AddFacesAsync(
                fixture.Gallery, [.. part.Select(i => TestFaces.New(acceptance, $"p{i % 700}", photo: $"{i}", embedding: TestFaces.Axis(i % 8)))], Token));
        }

        var read = await fixture.Store.ReadVectorsAsync(fixture.Gallery, Token).ToListAsync(Token);

        Assert.Equal(
            stored.Select((face, i) => (face.FaceId, Person: $"p{i % 700}", Axis: i % 8)).OrderBy(face => face.FaceId),
            read.Select(face => (face.FaceId, Person: face.PersonId, Axis: Array.IndexOf(face.Embedding, 1f))).OrderBy(face => face.FaceId));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ReadVectors_StoppedEarlyOrCancelled_Ends(Engine engine)
    {
        await using var fixture = await StoreFixture.WithGalleryAsync(engine);
        var acceptance = Acceptance.At(fixture.Clock.GetUtcNow());
        await fixture.Store.AddFacesAsync(fixture.Gallery, [.. Enumerable.Range(0, 50).Select(i => TestFaces.New(acceptance, photo: $"{i}"))], Token);
        using var cancelled = new CancellationTokenSource();

        var first = await fixture.Store.ReadVectorsAsync(fixture.Gallery, Token).FirstAsync(Token);
        var reading = fixture.Store.ReadVectorsAsync(fixture.Gallery, cancelled.Token).GetAsyncEnumerator(Token);
        Assert.True(await reading.MoveNextAsync());
        await cancelled.CancelAsync();
        await reading.DisposeAsync();

        Assert.Equal("ada", first.PersonId);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await fixture.Store.ReadVectorsAsync(fixture.Gallery, cancelled.Token).ToListAsync(Token));
    }

    [Fact]
    public async Task ReadVectors_StoreAway_Fails()
    {
        using var folder = new TemporaryFolder();
        var missing = Path.Combine(folder.Path, "not-there", "gallery.db");
        var options = new DbContextOptionsBuilder<SqliteGalleryDbContext>().UseSqlite($"Data Source={missing}").Options;
        var store = new GalleryStore(new PlainFactory(options), Microsoft.Extensions.Options.Options.Create(new GalleryOptions()), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<FailureException>(async () => await store.ReadVectorsAsync(new GalleryKey("default", "staff"), Token).ToListAsync(Token));

        Assert.Equal(FailureReason.StoreUnavailable, failure.Reason);
    }

    [Fact]
    public async Task Read_FileThatIsNoDatabase_IsStoreUnavailable()
    {
        using var folder = new TemporaryFolder();
        var missing = Path.Combine(folder.Path, "not-there", "gallery.db");
        var options = new DbContextOptionsBuilder<SqliteGalleryDbContext>().UseSqlite($"Data Source={missing}").Options;
        var store = new GalleryStore(new PlainFactory(options), Microsoft.Extensions.Options.Options.Create(new GalleryOptions()), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<FailureException>(() => store.FindGalleryAsync(new GalleryKey("default", "staff"), Token));

        Assert.Equal(FailureReason.StoreUnavailable, failure.Reason);
    }

    private sealed class PlainFactory(DbContextOptions<SqliteGalleryDbContext> options) : IDbContextFactory<GalleryDbContext>
    {
        public GalleryDbContext CreateDbContext() => new SqliteGalleryDbContext(options);
    }
}
