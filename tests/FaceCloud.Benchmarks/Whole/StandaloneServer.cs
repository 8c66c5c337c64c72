using System.Globalization;
using FaceCloud.Client;
using FaceCloud.TestServers.Processes;

namespace FaceCloud.Benchmarks.Whole;

/// <summary>Standalone in a process of its own, as users run it.</summary>
internal sealed class StandaloneServer : IAsyncDisposable
{
    // Ticks a second of /proc/PID/stat; the same on every Linux that .NET runs on.
    private const double Ticks = 100;

    private readonly OwnFolder _folder = new("benchmark");
    private readonly ChildProcess _process;

    private StandaloneServer(string models)
    {
        var ports = FreePort.Take(2);
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "FaceCloud.Standalone", new DirectoryInfo(AppContext.BaseDirectory).Name, "FaceCloud.Standalone.dll");
        _process = ChildProcess.Start(
            "Standalone",
            "dotnet",
            [Path.GetFullPath(program)],
            new Dictionary<string, string>
            {
                ["Endpoints__HttpPort"] = ports[0].ToString(CultureInfo.InvariantCulture),
                ["Endpoints__GrpcPort"] = ports[1].ToString(CultureInfo.InvariantCulture),
                ["Models__Directory"] = models,
                ["Storage__Directory"] = _folder.Folder("data"),
            },
            workingDirectory: _folder.Path);
        Client = new FaceCloudClient(new FaceCloudClientOptions
        {
            Server = new Uri($"http://127.0.0.1:{ports[1]}"),
            Deadline = TimeSpan.FromMinutes(1),
            PhotoDeadline = TimeSpan.FromMinutes(1),
        });
    }

    public FaceCloudClient Client { get; }

    public static async Task<StandaloneServer> StartAsync(string models, CancellationToken cancellationToken)
    {
        var server = new StandaloneServer(models);
        try
        {
            await Patience.UntilAsync(server.AnswersAsync, () => server._process.Tail, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Processor time used so far; null where it cannot be read.</summary>
    public TimeSpan? ProcessorTime()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // The name in brackets may hold spaces; user and system time are the 12th and 13th field after it.
        var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[^1].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException(_process.Tail);
        }

        try
        {
            return (await Client.CheckHealthAsync(cancellationToken)).All(server => server.IsServing);
        }
        catch (FaceCloudException)
        {
            return false;
        }
    }
}
