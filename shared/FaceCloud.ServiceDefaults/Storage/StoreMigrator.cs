using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults.Storage;

/// <summary>
/// Brings the schema up to date at start. Waits for a database that does not answer yet, and says so;
/// any other failure stops the process with its reason.
/// </summary>
public sealed class StoreMigrator<TContext>(
    string name, IDbContextFactory<TContext> contexts, IOptions<StorageOptions> options, TimeProvider time, ILogger<StoreMigrator<TContext>> logger) : IHostedLifecycleService
    where TContext : DbContext
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    // Starting comes before every StartAsync: consumers and listeners find the schema in place.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.Directory);
        while (true)
        {
            try
            {
                await using var context = await contexts.CreateDbContextAsync(cancellationToken);
                await context.Database.MigrateAsync(cancellationToken);
                Log.StoreReady(logger, name, context.Database.IsSqlite() ? "SQLite" : "PostgreSQL");
                return;
            }
            catch (DbException exception) when (MayHeal(exception))
            {
                Log.StoreWaits(logger, name, exception.Message, Delay);
                await Task.Delay(Delay, time, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool MayHeal(DbException exception) =>
        exception.IsTransient || exception.InnerException is SocketException or TimeoutException or IOException;
}
