using System.Globalization;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Grpc.Net.Client;

namespace FaceCloud.IntegrationTests.Deployments;

/// <summary>One service as users run it: the built program in a process of its own, steered by environment variables.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    private readonly string _program;
    private readonly Dictionary<string, string> _settings;
    private readonly string _workingDirectory;
    private ChildProcess? _process;

    /// <param name="name">Gallery, Ingestion, Encoder or Standalone.</param>
    /// <param name="settings">As <c>Section:Key</c>.</param>
    /// <param name="workingDirectory">Where relative paths begin.</param>
    public ServiceProcess(string name, IReadOnlyDictionary<string, string> settings, string workingDirectory)
    {
        Name = name;
        _workingDirectory = workingDirectory;
        _program = Path.Combine(RepositoryRoot.Path, "artifacts", "bin", $"FaceCloud.{name}", TestRun.Configuration, $"FaceCloud.{name}.dll");

        var ports = FreePort.Take(2);
        Http = new Uri($"http://127.0.0.1:{ports[0]}");
        Grpc = new Uri($"http://127.0.0.1:{ports[1]}");
        // The ends of the logs shall hold what the service says, not every request and query.
        _settings = new Dictionary<string, string> { ["Logging:LogLevel:Microsoft"] = "Warning" }.Concat(settings).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        _settings["Endpoints__HttpPort"] = ports[0].ToString(CultureInfo.InvariantCulture);
        _settings["Endpoints__GrpcPort"] = ports[1].ToString(CultureInfo.InvariantCulture);

        Channel = GrpcChannel.ForAddress(Grpc, new GrpcChannelOptions { MaxSendMessageSize = null, MaxReceiveMessageSize = null });
        HttpClient = new HttpClient { BaseAddress = Http, Timeout = TimeSpan.FromMinutes(2) };
    }

    public string Name { get; }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public GrpcChannel Channel { get; }

    public HttpClient HttpClient { get; }

    public bool IsRunning => _process is { HasExited: false };

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException($"{Name} was never started.");

    public string Tail => _process?.Tail ?? $"{Name} was never started.";

    public void Start()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException($"{Name} is running already.");
        }

        _process = ChildProcess.Start(Name, "dotnet", [_program], _settings, workingDirectory: _workingDirectory);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Start();
        await WaitUntilHealthyAsync(cancellationToken);
    }

    /// <summary>Until /health says that it can do its work.</summary>
    public async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        var answer = "no answer";
        await Patience.UntilAsync(
            async cancelled =>
            {
                if (!IsRunning)
                {
                    throw new InvalidOperationException($"{Name} ended with {_process?.ExitCode}.{Environment.NewLine}{Tail}");
                }

                try
                {
                    using var response = await HttpClient.GetAsync("/health", cancelled);
                    answer = await response.Content.ReadAsStringAsync(cancelled);
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException exception)
                {
                    answer = exception.Message;
                    return false;
                }
            },
            () => $"{Name} did not become healthy: {answer}{Environment.NewLine}{Tail}",
            cancellationToken);

        // A channel that met a closed port waits a while before it tries again, and refuses calls meanwhile.
        await Channel.ConnectAsync(cancellationToken);
    }

    /// <summary>Stands still, with whatever it has in hand.</summary>
    public void Freeze() => _process?.Freeze();

    public void Thaw() => _process?.Thaw();

    /// <summary>Signal 9.</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Signal 15; the service finishes what it has in hand.</summary>
    /// <returns>The exit code, or null when it had to be killed.</returns>
    public async Task<int?> StopAsync() =>
        _process is null || await _process.StopAsync(StopPatience) ? _process?.ExitCode : null;

    public async ValueTask DisposeAsync()
    {
        HttpClient.Dispose();
        Channel.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
