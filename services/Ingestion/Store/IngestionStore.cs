using System.Data.Common;
using System.Net.Sockets;
using FaceCloud.Contracts.Failures;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Store;

/// <summary>Reads and transactions on the store; a store that does not answer is a failure that may heal.</summary>
public sealed class IngestionStore(IDbContextFactory<IngestionDbContext> contexts) : IDisposable
{
    private const int Busy = 5;
    private const int Locked = 6;

    // SQLite has one writer at a time, and a second one polls with long sleeps: a queue here is faster and fair.
    private readonly SemaphoreSlim _sqliteWriter = new(1);

    public async Task<T> ReadAsync<T>(Func<IngestionDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            return await read(context);
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>One transaction: saved and committed when <paramref name="write"/> returns, nothing of it otherwise.</summary>
    public async Task<T> WriteAsync<T>(Func<IngestionDbContext, Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var queued = context.Database.IsSqlite();
            if (queued)
            {
                await _sqliteWriter.WaitAsync(cancellationToken);
            }

            try
            {
                await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
                var result = await write(context);
                await context.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return result;
            }
            finally
            {
                if (queued)
                {
                    _sqliteWriter.Release();
                }
            }
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            throw Unavailable(exception);
        }
    }

    public void Dispose() => _sqliteWriter.Dispose();

    // EF Core wraps what the driver throws, so the whole chain is looked at.
    private static bool IsUnavailable(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is DbException { IsTransient: true } or SqliteException { SqliteErrorCode: Busy or Locked }
                || (inner is DbException && inner.InnerException is SocketException or TimeoutException or IOException))
            {
                return true;
            }
        }

        return false;
    }

    private static FailureException Unavailable(Exception exception) =>
        new(FailureReason.StoreUnavailable, "The job store does not answer; try again later.", exception);
}
