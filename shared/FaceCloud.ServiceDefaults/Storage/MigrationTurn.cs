using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace FaceCloud.ServiceDefaults.Storage;

/// <summary>
/// Processes of a service that start together bring its schema up to date one after another. EF Core's own lock ends with each
/// transaction, and each migration has its own: two processes would run the second one twice, and one of them fail.
/// </summary>
internal sealed class MigrationTurn : IAsyncDisposable
{
    private readonly DbContext? _locked;
    private readonly string _key;

    private MigrationTurn(DbContext? locked, string key) => (_locked, _key) = (locked, key);

    /// <summary>Waits until no other process migrates this store; SQLite files belong to one process.</summary>
    public static async Task<MigrationTurn> TakeAsync(DbContext context, string name, CancellationToken cancellationToken)
    {
        var key = $"facecloud migrations of {name}";
        if (!context.Database.IsNpgsql())
        {
            return new MigrationTurn(null, key);
        }

        // The lock is the database's, so there must be one.
        var database = context.GetService<IRelationalDatabaseCreator>();
        if (!await database.ExistsAsync(cancellationToken))
        {
            try
            {
                await database.CreateAsync(cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another process made it meanwhile.
            }
        }

        // A lock of the session: as long as the connection is open, or the process lives.
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock(hashtextextended({key}, 0))", cancellationToken);
        return new MigrationTurn(context, key);
    }

    public async ValueTask DisposeAsync()
    {
        // With a lost connection the session is gone, and the lock with it.
        if (_locked?.Database.GetDbConnection().State == ConnectionState.Open)
        {
            await _locked.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock(hashtextextended({_key}, 0))");
            await _locked.Database.CloseConnectionAsync();
        }
    }
}
