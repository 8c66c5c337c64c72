using System.Globalization;
using FaceCloud.TestServers.Processes;

namespace FaceCloud.TestServers;

/// <summary>A private PostgreSQL server from the installed package: own data folder, free port, this machine only.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Packages = "/usr/lib/postgresql";
    private const string PackageUser = "postgres";

    private readonly OwnFolder _folder;
    private readonly ChildProcess _process;
    private readonly string _programs;
    private readonly string _port;

    private PostgresServer(OwnFolder folder, ChildProcess process, string programs, string port)
    {
        _folder = folder;
        _process = process;
        _programs = programs;
        _port = port;
    }

    public static bool IsInstalled => Programs() is not null;

    /// <summary>Of the server's own database; its user may create others.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=facecloud;Database=postgres";

    /// <summary>The parent of all its processes.</summary>
    public int ProcessId => _process.Id;

    public static Task<PostgresServer> StartAsync(CancellationToken cancellationToken) => StartAsync(FreePort.Take(1)[0], cancellationToken);

    public static async Task<PostgresServer> StartAsync(int onPort, CancellationToken cancellationToken)
    {
        var programs = Programs() ?? throw new InvalidOperationException($"PostgreSQL is not installed below {Packages}.");
        var folder = new OwnFolder("postgres");
        var data = folder.Folder("data");

        // PostgreSQL refuses to run as root.
        var user = Environment.IsPrivilegedProcess ? PackageUser : null;
        if (user is not null)
        {
            await ChildProcess.RunAsync("chown", "chown", ["-R", user, folder.Path], user: null, cancellationToken);
        }

        await ChildProcess.RunAsync(
            "initdb",
            Path.Combine(programs, "initdb"),
            ["-D", data, "-U", "facecloud", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
            user,
            cancellationToken);

        var port = onPort.ToString(CultureInfo.InvariantCulture);
        var process = ChildProcess.Start(
            "postgres",
            Path.Combine(programs, "postgres"),
            [
                "-D", data,
                "-p", port,
                "-c", "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=",
                "-c", "max_connections=200",
                // Nothing here outlives the run, not even a power cut's data.
                "-c", "fsync=off",
            ],
            user: user);
        var server = new PostgresServer(folder, process, programs, port);
        try
        {
            await Patience.UntilAsync(server.AnswersAsync, () => $"PostgreSQL does not answer.{Environment.NewLine}{process.Tail}", cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(TimeSpan.FromSeconds(10));
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string? Programs() =>
        !Directory.Exists(Packages)
            ? null
            : Directory.EnumerateDirectories(Packages)
                .Select(version => Path.Combine(version, "bin"))
                .Where(programs => File.Exists(Path.Combine(programs, "initdb")))
                .Order(StringComparer.Ordinal)
                .LastOrDefault();

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"PostgreSQL ended with {_process.ExitCode}.{Environment.NewLine}{_process.Tail}");
        }

        await using var question = ChildProcess.Start("pg_isready", Path.Combine(_programs, "pg_isready"), ["-h", "127.0.0.1", "-p", _port, "-q"]);
        return await question.WaitAsync(cancellationToken) == 0;
    }
}
