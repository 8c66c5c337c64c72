using System.Globalization;
using FaceCloud.TestServers.Processes;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FaceCloud.TestServers;

/// <summary>A private RabbitMQ broker from the installed package: own node name, cookie, folders and ports; no plugins.</summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    // Not the one in /usr/sbin: that changes to the package's user and folders.
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private const string Control = "/usr/lib/rabbitmq/bin/rabbitmqctl";

    // Seconds on an idle machine; on one that others keep busy it has taken more than two minutes.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(1);

    private readonly OwnFolder _folder = new("rabbitmq");
    private readonly Dictionary<string, string> _settings;
    private readonly ChildProcess _epmd;
    private ChildProcess? _process;

    private RabbitMqServer()
    {
        var ports = FreePort.Take(3);
        var epmdPort = ports[2].ToString(CultureInfo.InvariantCulture);
        Address = new Uri($"amqp://guest:guest@127.0.0.1:{ports[0]}");
        File.WriteAllText(_folder.File("rabbitmq.conf"), "vm_memory_high_watermark.relative = 0.3\ndisk_free_limit.absolute = 50MB\n");
        File.WriteAllText(_folder.File("enabled_plugins"), "[].");
        _settings = new Dictionary<string, string>
        {
            ["HOME"] = _folder.Folder("home"),
            ["RABBITMQ_NODENAME"] = $"facecloud-{ports[0]}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_DIST_PORT"] = ports[1].ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_PORT"] = epmdPort,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_MNESIA_BASE"] = _folder.Folder("data"),
            ["RABBITMQ_LOG_BASE"] = _folder.Folder("log"),
            ["RABBITMQ_CONFIG_FILE"] = _folder.File("rabbitmq.conf"),
            ["RABBITMQ_CONF_ENV_FILE"] = _folder.File("none"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.File("enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = _folder.File("pid"),
            // The script then becomes the broker instead of watching over it: its process id is the broker's.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
        };

        // Else the broker starts one as a daemon, which would outlive it.
        _epmd = ChildProcess.Start("epmd", "epmd", ["-port", epmdPort, "-address", "127.0.0.1"], _settings);
    }

    public static bool IsInstalled => File.Exists(Program);

    public Uri Address { get; }

    /// <summary>Of the broker as it was last started.</summary>
    public int ProcessId => _process!.Id;

    public static async Task<RabbitMqServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = NotYetStarted();
        try
        {
            await server.StartAgainAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Has an address already, but nobody answers there yet.</summary>
    public static RabbitMqServer NotYetStarted() => new();

    /// <summary>Starts the broker, with what it had on disk.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        var process = ChildProcess.Start("rabbitmq", Program, [], _settings);
        _process = process;
        await Patience.UntilAsync(
            async cancelled =>
            {
                if (process.HasExited)
                {
                    throw new InvalidOperationException($"RabbitMQ ended with {process.ExitCode}.{Environment.NewLine}{process.Tail}");
                }

                return await AnswersAsync(Address, cancelled);
            },
            () => $"RabbitMQ does not answer.{Environment.NewLine}{process.Tail}",
            cancellationToken,
            StartLimit);
    }

    /// <summary>Signal 9.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            await _process.KillAsync();
        }
    }

    /// <summary>Signal 15: the broker shuts down in order.</summary>
    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(StopPatience);
        }
    }

    /// <summary>The memory alarm goes off, or ends: while it is on, the broker reads nothing from connections that publish.</summary>
    public Task SetMemoryAlarmAsync(bool on, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync("rabbitmqctl", Control, ["-n", _settings["RABBITMQ_NODENAME"], "set_vm_memory_high_watermark", on ? "0" : "0.3"], user: null, cancellationToken, _settings);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _epmd.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync(cancellationToken);
            return connection.IsOpen;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }
}
