using FaceCloud.IntegrationTests.Servers;
using FaceCloud.TestServers;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace FaceCloud.IntegrationTests.Servers;

/// <summary>The PostgreSQL of FACECLOUD_TEST_POSTGRES (a connection string whose user may create databases), else a private one.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private PostgresServer? _own;

    /// <summary>Connection string of a new, empty database. Skips the test when there is no PostgreSQL, fails it in CI.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var server = await ServerAsync(cancellationToken);
        var name = $"facecloud_test_{Guid.NewGuid():N}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}", cancellationToken);
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public async Task DropDatabaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync(await ServerAsync(cancellationToken), $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    private static async Task ExecuteAsync(string server, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Started by the first test that needs it: tests run one after another (AssemblyInfo.cs).
    private async Task<string> ServerAsync(CancellationToken cancellationToken)
    {
        if (TestRun.Setting("FACECLOUD_TEST_POSTGRES") is { } given)
        {
            return given;
        }

        TestRun.Require(PostgresServer.IsInstalled, "PostgreSQL is not installed (apt-get install postgresql), and FACECLOUD_TEST_POSTGRES names none.");
        _own ??= await PostgresServer.StartAsync(cancellationToken);
        return _own.ConnectionString;
    }
}
