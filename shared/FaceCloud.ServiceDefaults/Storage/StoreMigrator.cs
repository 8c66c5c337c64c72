using System.Data.Common;
using System.Net.Sockets;
using FaceCloud.ServiceDefaults.Lifetime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults.Storage;

/// <summary>
/// Brings the schema up to date at start. A database that does not answer yet is waited for, which is said once; the process listens
/// meanwhile and tells its health, calls are refused and messages wait (<see cref="StartSteps"/>).
/// Any other failure stops the process with its reason.
/// </summary>
public sealed class StoreMigrator<TContext> : IHostedLifecycleService, IDisposable
    where TContext : DbContext
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private readonly string _name;
    private readonly IDbContextFactory<TContext> _contexts;
    private readonly StorageOptions _options;
    private readonly StartSteps _steps;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _waiting = Task.CompletedTask;

    public StoreMigrator(
        string name,
        IDbContextFactory<TContext> contexts,
        IOptions<StorageOptions> options,
        StartSteps steps,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<StoreMigrator<TContext>> logger)
    {
        (_name, _contexts, _options, _steps, _lifetime, _time, _logger) = (name, contexts, options.Value, steps, lifetime, time, logger);
        _steps.Begin(Step);
    }

    private string Step => $"store {_name}";

    // Starting comes before every StartAsync: with a database that answers, consumers and listeners find the schema in place.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_options.Directory);
        if (await TryAsync(reason: null, cancellationToken) is { } reason)
        {
            _waiting = WaitAsync(reason, _stopping.Token);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _waiting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    // EF Core wraps what the driver throws, so the whole chain is looked at. Null: it will not heal by waiting.
    private static DbException? MayHeal(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is DbException failure && (failure.IsTransient || failure.InnerException is SocketException or TimeoutException or IOException))
            {
                return failure;
            }
        }

        return null;
    }

    // Null once it is done, else why not; said when it is another reason than before.
    private async Task<string?> TryAsync(string? reason, CancellationToken cancellationToken)
    {
        try
        {
            await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
            await using (await MigrationTurn.TakeAsync(context, _name, cancellationToken))
            {
                await context.Database.MigrateAsync(cancellationToken);
            }

            Log.StoreReady(_logger, _name, context.Database.IsSqlite() ? "SQLite" : "PostgreSQL");
            _steps.End(Step);
            return null;
        }
        catch (Exception exception) when (MayHeal(exception) is { } failure)
        {
            if (failure.Message != reason)
            {
                Log.StoreWaits(_logger, _name, failure.Message, Delay);
            }

            return failure.Message;
        }
    }

    private async Task WaitAsync(string reason, CancellationToken stopping)
    {
        try
        {
            string? open = reason;
            while (open is not null)
            {
                await Task.Delay(Delay, _time, stopping);
                open = await TryAsync(open, stopping);
            }
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            // Nobody awaits this task before the stop, so the failure is said here.
            Log.StoreFailed(_logger, _name, exception);
            Environment.ExitCode = 1;
            _lifetime.StopApplication();
        }
    }
}
