using FaceCloud.Gallery.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Tests.Store;

/// <summary>A store on either engine, with a tenant of its own and a clock that tests turn.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    public const string Variable = "FACECLOUD_TEST_POSTGRES";

    // Test classes run side by side, and all of PostgreSQL's share one database.
    private static readonly SemaphoreSlim Migrating = new(1, 1);

    private readonly TemporaryFolder? _folder;

    private StoreFixture(IDbContextFactory<GalleryDbContext> contexts, TemporaryFolder? folder)
    {
        Contexts = contexts;
        _folder = folder;
        Store = new GalleryStore(contexts, Options.Create(new GalleryOptions()), Clock);
    }

    public IDbContextFactory<GalleryDbContext> Contexts { get; }

    public GalleryStore Store { get; }

    public TestClock Clock { get; } = new();

    public string Tenant { get; } = Guid.NewGuid().ToString("N");

    public GalleryKey Gallery => new(Tenant, "staff");

    public static async Task<StoreFixture> OpenAsync(Engine engine)
    {
        var fixture = engine == Engine.Sqlite ? Sqlite() : Postgres();
        await Migrating.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await using var context = fixture.Contexts.CreateDbContext();
            await context.Database.MigrateAsync(TestContext.Current.CancellationToken);
            return fixture;
        }
        finally
        {
            Migrating.Release();
        }
    }

    public static async Task<StoreFixture> WithGalleryAsync(Engine engine)
    {
        var fixture = await OpenAsync(engine);
        await fixture.CreateGalleryAsync();
        return fixture;
    }

    public Task<bool> CreateGalleryAsync(string galleryId = "staff") =>
        Store.CreateGalleryAsync(
            new GalleryRow { TenantId = Tenant, GalleryId = galleryId, CreatedAt = Clock.GetUtcNow() }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await using (var context = Contexts.CreateDbContext())
        {
            await context.Galleries.Where(row => row.TenantId == Tenant).ExecuteDeleteAsync();
            await context.Deletions.Where(row => row.TenantId == Tenant).ExecuteDeleteAsync();
        }

        _folder?.Dispose();
    }

    private static StoreFixture Sqlite()
    {
        var folder = new TemporaryFolder();
        var options = new DbContextOptionsBuilder<SqliteGalleryDbContext>().UseSqlite($"Data Source={Path.Combine(folder.Path, "gallery.db")}").Options;
        return new StoreFixture(new Factory(() => new SqliteGalleryDbContext(options)), folder);
    }

    private static StoreFixture Postgres()
    {
        var connection = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(connection), $"Needs a PostgreSQL server; set {Variable} to its connection string.");
        var options = new DbContextOptionsBuilder<PostgresGalleryDbContext>()
            .UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("migrations", PostgresGalleryDbContext.Schema)).Options;
        return new StoreFixture(new Factory(() => new PostgresGalleryDbContext(options)), null);
    }

    private sealed class Factory(Func<GalleryDbContext> create) : IDbContextFactory<GalleryDbContext>
    {
        public GalleryDbContext CreateDbContext() => create();
    }
}
