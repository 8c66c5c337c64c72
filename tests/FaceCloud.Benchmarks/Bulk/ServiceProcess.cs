using System.Globalization;
using FaceCloud.TestServers.Processes;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>One service in a process of its own.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly ChildProcess _process;

    /// <param name="name">Of the service: Gallery, Ingestion, Encoder.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="settings">As environment variables.</param>
    /// <param name="core">The only core it may use; null: those of this process.</param>
    public ServiceProcess(string name, string workingDirectory, Dictionary<string, string> settings, int? core)
    {
        var ports = FreePort.Take(2);
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", $"FaceCloud.{name}", new DirectoryInfo(AppContext.BaseDirectory).Name, $"FaceCloud.{name}.dll");
        Name = name;
        Grpc = new Uri($"http://127.0.0.1:{ports[1]}");
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}") };
        _process = ChildProcess.Start(
            name,
            core is null ? "dotnet" : "taskset",
            core is null ? [Path.GetFullPath(program)] : ["-c", core.Value.ToString(CultureInfo.InvariantCulture), "dotnet", Path.GetFullPath(program)],
            new Dictionary<string, string>(settings)
            {
                ["Endpoints__HttpPort"] = ports[0].ToString(CultureInfo.InvariantCulture),
                ["Endpoints__GrpcPort"] = ports[1].ToString(CultureInfo.InvariantCulture),
                ["Logging__LogLevel__Microsoft"] = "Warning",
            },
            workingDirectory: workingDirectory);
    }

    public string Name { get; }

    public int Id => _process.Id;

    public Uri Grpc { get; }

    /// <summary>Memory that it holds, MB; 0 where it cannot be read.</summary>
    public double ResidentMegabytes()
    {
        var file = $"/proc/{_process.Id}/status";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(text => text.StartsWith("VmRSS:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public Task WaitUntilHealthyAsync(CancellationToken cancellationToken) =>
        Patience.UntilAsync(
            async cancelled =>
            {
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"{Name} ended with {_process.ExitCode}.{Environment.NewLine}{_process.Tail}");
                }

                try
                {
                    using var answer = await _http.GetAsync("/health", cancelled);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => _process.Tail,
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
