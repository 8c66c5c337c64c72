using FaceCloud.Ingestion.Store;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace FaceCloud.Ingestion.Tests.Store;

/// <summary>A fresh, migrated store on either engine, gone afterwards.</summary>
internal sealed class TestStore : IDbContextFactory<IngestionDbContext>, IAsyncDisposable
{
    private const string Variable = "FACECLOUD_TEST_POSTGRES";

    private readonly Func<IngestionDbContext> _create;
    private readonly TemporaryFolder _folder = new();

    private TestStore(Engine engine)
    {
        if (engine == Engine.Sqlite)
        {
            var options = new DbContextOptionsBuilder<SqliteIngestionDbContext>()
                .UseSqlite($"Data Source={Path.Combine(_folder.Path, "ingestion.db")};Pooling=False").Options;
            _create = () => new SqliteIngestionDbContext(options);
        }
        else
        {
            var connection = NewDatabase();
            var options = new DbContextOptionsBuilder<PostgresIngestionDbContext>()
                .UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("migrations", PostgresIngestionDbContext.Schema)).Options;
            _create = () => new PostgresIngestionDbContext(options);
        }
    }

    /// <summary>Connection string of a database that is not there yet. Skips the test when there is no server.</summary>
    public static string NewDatabase()
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"Needs PostgreSQL; set {Variable} to a connection string.");
        return new NpgsqlConnectionStringBuilder(server) { Database = $"facecloud_test_{Guid.NewGuid():N}" }.ConnectionString;
    }

    public static async Task<TestStore> CreateAsync(Engine engine)
    {
        var store = new TestStore(engine);
        await using var context = store.CreateDbContext();
        await context.Database.MigrateAsync();
        return store;
    }

    public IngestionDbContext CreateDbContext() => _create();

    public async ValueTask DisposeAsync()
    {
        await using (var context = CreateDbContext())
        {
            await context.Database.EnsureDeletedAsync();
        }

        _folder.Dispose();
    }
}
