using FaceCloud.Gallery.Store;
using FaceCloud.Ingestion.Store;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.TestServers.Processes;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.IntegrationTests.Stores;

/// <summary>The migrations of both stores on both engines: an empty database gets the whole model, and again changes nothing.</summary>
public sealed class MigrationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly OwnFolder _folder = new("migrations");
    private string? _database;

    public static TheoryData<string> Stores() => ["gallery on PostgreSQL", "gallery on SQLite", "ingestion on PostgreSQL", "ingestion on SQLite"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await postgres.DropDatabaseAsync(_database, CancellationToken.None);
        }

        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Migrate_EmptyDatabaseAndOnceMore_WholeModelAndNothingLeftToDo(string store)
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var context = await OpenAsync(store, cancelled);

        Assert.NotEmpty(await context.Database.GetPendingMigrationsAsync(cancelled));
        await context.Database.MigrateAsync(cancelled);
        await context.Database.MigrateAsync(cancelled);

        Assert.Empty(await context.Database.GetPendingMigrationsAsync(cancelled));
        Assert.False(context.Database.HasPendingModelChanges(), "The model has changed since the last migration: add one (dotnet ef migrations add).");
        foreach (var rows in context.GetType().GetProperties().Select(property => property.GetValue(context)).OfType<IQueryable<object>>())
        {
            // Asks for every column of the table.
            Assert.Empty(await rows.ToListAsync(cancelled));
        }
    }

    [Fact]
    public async Task Migrate_BothStoresInOneDatabase_KeepOutOfEachOthersWay()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var gallery = await OpenAsync("gallery on PostgreSQL", cancelled);
        await using var ingestion = await OpenAsync("ingestion on PostgreSQL", cancelled);

        await gallery.Database.MigrateAsync(cancelled);
        await ingestion.Database.MigrateAsync(cancelled);

        Assert.Empty(await gallery.Database.GetPendingMigrationsAsync(cancelled));
        Assert.Empty(await ingestion.Database.GetPendingMigrationsAsync(cancelled));
    }

    private async Task<DbContext> OpenAsync(string store, CancellationToken cancellationToken)
    {
        if (store.EndsWith("PostgreSQL", StringComparison.Ordinal))
        {
            _database ??= await postgres.CreateDatabaseAsync(cancellationToken);
        }

        return store switch
        {
            "gallery on PostgreSQL" => new PostgresGalleryDbContext(Postgres<PostgresGalleryDbContext>("gallery")),
            "gallery on SQLite" => new SqliteGalleryDbContext(Sqlite<SqliteGalleryDbContext>("gallery")),
            "ingestion on PostgreSQL" => new PostgresIngestionDbContext(Postgres<PostgresIngestionDbContext>("ingestion")),
            "ingestion on SQLite" => new SqliteIngestionDbContext(Sqlite<SqliteIngestionDbContext>("ingestion")),
            _ => throw new ArgumentOutOfRangeException(nameof(store), store, null),
        };
    }

    // As AddStore of FaceCloud.ServiceDefaults opens them.
    private DbContextOptions<TContext> Postgres<TContext>(string name)
        where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>().UseNpgsql(_database, npgsql => npgsql.MigrationsHistoryTable("migrations", name)).Options;

    private DbContextOptions<TContext> Sqlite<TContext>(string name)
        where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>().UseSqlite($"Data Source={_folder.File(name + ".db")};Pooling=False").Options;
}
