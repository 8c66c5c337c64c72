using FaceCloud.Gallery.Store;
using FaceCloud.ServiceDefaults.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FaceCloud.Gallery.Tests.Store;

/// <summary>
/// PostgreSQL's statistics are taken now and then. A gallery that was filled since is empty to them; what is looked up in it must be found
/// by an index all the same.
/// </summary>
public sealed class LookupTests
{
    private const int Persons = 5_000;
    private const int LookUps = 8;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_InAGalleryThatStatisticsDoNotKnow_ReadsNearlyOnlyWhatItFinds()
    {
        var server = Environment.GetEnvironmentVariable(StoreFixture.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"Needs a PostgreSQL server; set {StoreFixture.Variable} to its connection string.");
        var connection = new NpgsqlConnectionStringBuilder(server) { Database = $"facecloud_test_{Guid.NewGuid():N}" }.ConnectionString;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Args = [$"--ConnectionStrings:gallery={connection}"] });
        builder.AddStore<HostApplicationBuilder, GalleryDbContext, SqliteGalleryDbContext, PostgresGalleryDbContext>("gallery");
        using var process = builder.Build();
        await process.Services.GetRequiredService<StoreMigrator<GalleryDbContext>>().StartingAsync(Cancelled);
        var contexts = process.Services.GetRequiredService<IDbContextFactory<GalleryDbContext>>();
        var store = new GalleryStore(contexts, Options.Create(new GalleryOptions()), new TestClock());
        try
        {
            await ExecuteAsync(contexts, "ALTER TABLE gallery.persons SET (autovacuum_enabled = false); ALTER TABLE gallery.faces SET (autovacuum_enabled = false)");
            await FillAsync(store, contexts, "old");
            await ExecuteAsync(contexts, "ANALYZE");
            await FillAsync(store, contexts, "new");
            var before = await ReadAsync(contexts, connection);

            var gallery = new GalleryKey("t", "new");
            for (var i = 1; i <= LookUps; i++)
            {
                Assert.Equal(2, (await store.FindPersonsAsync(gallery, [$"p{i}", $"p{i + 1}", "nobody"], Cancelled)).Count);
                var face = (await store.GetPersonVectorsAsync(gallery, $"p{i}", Cancelled))[0].FaceId;
                Assert.Single(await store.FindFaceIdsAsync(gallery, [face, Guid.NewGuid()], Cancelled));
                Assert.NotNull(await store.FindFaceAsync(gallery, face, Cancelled));
            }

            // One look-up of the wrong kind reads all 5,000.
            Assert.InRange(await ReadAsync(contexts, connection) - before, 1, Persons / 2);
        }
        finally
        {
            await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
            await context.Database.EnsureDeletedAsync(CancellationToken.None);
        }
    }

    private static async Task FillAsync(GalleryStore store, IDbContextFactory<GalleryDbContext> contexts, string gallery)
    {
        await store.CreateGalleryAsync(
            new GalleryRow { TenantId = "t", GalleryId = gallery, EmbeddingContract = "c", Dimension = 1, CreatedAt = DateTimeOffset.UnixEpoch }, Cancelled);
        await ExecuteAsync(
            contexts,
            $"""
            INSERT INTO gallery.persons (tenant_id, gallery_id, person_id, external_id, name, metadata, created_at)
            SELECT 't', '{gallery}', 'p' || i, '', '', '{"{}"}', 0 FROM generate_series(1, {Persons}) AS i;
            INSERT INTO gallery.faces (tenant_id, gallery_id, face_id, person_id, embedding_contract, embedding, photo_sha256, face_ordinal,
                box_x, box_y, box_width, box_height, quality_score, sharpness, brightness, yaw, pitch, roll, created_at)
            SELECT 't', '{gallery}', gen_random_uuid(), 'p' || i, 'c', '\x0000803f', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM generate_series(1, {Persons}) AS i;
            """);
    }

    private static async Task ExecuteAsync(IDbContextFactory<GalleryDbContext> contexts, string sql)
    {
        await using var context = await contexts.CreateDbContextAsync(Cancelled);
        await context.Database.ExecuteSqlRawAsync(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), Cancelled);
    }

    // Rows of both tables that were read so far. A session adds what it read when it ends, so all of them end first.
    private static async Task<long> ReadAsync(IDbContextFactory<GalleryDbContext> contexts, string connection)
    {
        await using (var context = await contexts.CreateDbContextAsync(Cancelled))
        {
            NpgsqlConnection.ClearPool((NpgsqlConnection)context.Database.GetDbConnection());
        }

        var plain = new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString;
        await using var asking = new NpgsqlConnection(plain);
        await asking.OpenAsync(Cancelled);
        await using var sessions = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'", asking);
        while ((long)(await sessions.ExecuteScalarAsync(Cancelled))! > 0)
        {
            await Task.Delay(50, Cancelled);
        }

        await using var rows = new NpgsqlCommand(
            "SELECT sum(seq_tup_read + COALESCE(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables WHERE relname IN ('persons', 'faces')", asking);
        return (long)(await rows.ExecuteScalarAsync(Cancelled))!;
    }
}
