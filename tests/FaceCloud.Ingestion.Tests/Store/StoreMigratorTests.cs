using FaceCloud.Ingestion.Store;
using FaceCloud.ServiceDefaults.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FaceCloud.Ingestion.Tests.Store;

/// <summary>How a process of the service comes to its store.</summary>
public sealed class StoreMigratorTests
{
    private const string Unreachable = "Host=127.0.0.1;Port=1;Username=nobody";

    [Fact]
    public async Task Starting_ManyProcessesOnAnEmptyServer_EachFindsTheWholeSchema()
    {
        // Neither the database is there nor a table.
        var connection = TestStore.NewDatabase();
        IHost[] processes = [.. Enumerable.Range(0, 6).Select(_ => Process(connection))];
        try
        {
            await Task.WhenAll(processes.Select(process => Migrator(process).StartingAsync(TestContext.Current.CancellationToken)));

            await using var context = await Contexts(processes[0]).CreateDbContextAsync(TestContext.Current.CancellationToken);
            Assert.Empty(await context.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
            Assert.Equal(0, await context.Items.CountAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            await using (var context = await Contexts(processes[0]).CreateDbContextAsync(CancellationToken.None))
            {
                await context.Database.EnsureDeletedAsync(CancellationToken.None);
            }

            Array.ForEach(processes, process => process.Dispose());
        }
    }

    [Fact]
    public async Task FindItems_AmongManyOfTheJob_AreFoundByAnIndex()
    {
        using var process = Process(TestStore.NewDatabase());
        await Migrator(process).StartingAsync(TestContext.Current.CancellationToken);
        await using var context = await Contexts(process).CreateDbContextAsync(TestContext.Current.CancellationToken);
        try
        {
            // Statistics are never taken here: to the planner both tables are new.
            await context.Database.ExecuteSqlRawAsync(
                """
                ALTER TABLE ingestion.items SET (autovacuum_enabled = false);
                INSERT INTO ingestion.jobs (tenant_id, job_id, gallery_id, max_faces, on_duplicate, priority, state, is_paused, version, pending, enrolled, duplicate,
                    rejected_quality, no_face, failed, cancelled, reasons, created_at, updated_at, rate)
                SELECT 't', 'load', 'staff', 1, 1, 2, 1, false, 1, 0, 0, 0, 0, 0, 0, 0, '{{}}', 0, 0, 0;
                INSERT INTO ingestion.items (tenant_id, job_id, item_id, person_id, person_name, source, photo_sha256, reasons, created_at, overdue_at, overdue_count, attempt, is_held)
                SELECT 't', 'load', gen_random_uuid(), 'p', '', '', '', '', 0, 0, 0, 0, false FROM generate_series(1, 5000);
                """,
                TestContext.Current.CancellationToken);
            var ids = await context.Items.Select(item => item.ItemId).Take(3).ToListAsync(TestContext.Current.CancellationToken);

            var found = await context.FindItemsAsync("t", "load", [.. ids, Guid.NewGuid()], TestContext.Current.CancellationToken);
            var ofAnother = await context.FindItemsAsync("t", "other", ids, TestContext.Current.CancellationToken);

            Assert.Equal(ids.Order(), found.Keys.Order());
            Assert.Empty(ofAnother);
            await context.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var explain = new NpgsqlCommand("EXPLAIN (FORMAT JSON) SELECT * FROM ingestion.items WHERE item_id = ANY ($1)", (NpgsqlConnection)context.Database.GetDbConnection());
            explain.Parameters.Add(new NpgsqlParameter { Value = ids.ToArray() });
            Assert.Contains("IX_items_item_id", (string)(await explain.ExecuteScalarAsync(TestContext.Current.CancellationToken))!, StringComparison.Ordinal);
        }
        finally
        {
            await context.Database.EnsureDeletedAsync(CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("", 100, "-c plan_cache_mode=force_generic_plan")]
    [InlineData(";Max Auto Prepare=0;Options=", 0, null)]
    [InlineData(";Max Auto Prepare=7;Options=-c work_mem=8MB", 7, "-c work_mem=8MB")]
    public async Task Connection_OfASetting_SaysWhatItSaysAndElseTheDefaults(string said, int prepared, string? options)
    {
        using var process = Process(Unreachable + said);

        await using var context = await Contexts(process).CreateDbContextAsync(TestContext.Current.CancellationToken);

        var connection = new NpgsqlConnectionStringBuilder(context.Database.GetConnectionString());
        Assert.Equal((prepared, options, true, "nobody"), (connection.MaxAutoPrepare, connection.Options, connection.NoResetOnClose, connection.Username));
    }

    private static IHost Process(string connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Args = [$"--ConnectionStrings:ingestion={connection}"] });
        builder.AddStore<HostApplicationBuilder, IngestionDbContext, SqliteIngestionDbContext, PostgresIngestionDbContext>("ingestion");
        return builder.Build();
    }

    private static StoreMigrator<IngestionDbContext> Migrator(IHost process) => process.Services.GetRequiredService<StoreMigrator<IngestionDbContext>>();

    private static IDbContextFactory<IngestionDbContext> Contexts(IHost process) => process.Services.GetRequiredService<IDbContextFactory<IngestionDbContext>>();
}
