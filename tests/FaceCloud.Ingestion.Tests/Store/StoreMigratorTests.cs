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

    [Theory]
    [InlineData("", 100)]
    [InlineData(";Max Auto Prepare=7", 7)]
    public async Task Connection_OfASetting_SaysWhatItSaysAndElseTheDefaults(string said, int prepared)
    {
        using var process = Process(Unreachable + said);

        await using var context = await Contexts(process).CreateDbContextAsync(TestContext.Current.CancellationToken);

        var connection = new NpgsqlConnectionStringBuilder(context.Database.GetConnectionString());
        Assert.Equal((prepared, true, "nobody"), (connection.MaxAutoPrepare, connection.NoResetOnClose, connection.Username));
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
