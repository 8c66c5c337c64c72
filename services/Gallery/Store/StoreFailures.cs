using System.Data.Common;
using System.Net.Sockets;
using FaceCloud.Contracts.Failures;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace FaceCloud.Gallery.Store;

/// <summary>Tells a store that is away (try again later) from a fault of ours.</summary>
internal static class StoreFailures
{
    // SQLITE_BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN: the file or its disk, not the statement.
    private static readonly int[] SqliteAway = [5, 6, 8, 10, 13, 14];

    public static bool IsAway(Exception exception) => exception switch
    {
        SqliteException sqlite => SqliteAway.Contains(sqlite.SqliteErrorCode),
        PostgresException postgres => postgres.IsTransient || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        DbException or DbUpdateException or InvalidOperationException when exception.InnerException is { } inner => IsAway(inner),
        DbException other => other.IsTransient,
        SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    public static bool IsUniqueViolation(DbUpdateException exception) => exception.InnerException switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == 19,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    public static FailureException Away(Exception exception) =>
        new(FailureReason.StoreUnavailable, "The store does not answer; try again in a few seconds.", exception);
}
