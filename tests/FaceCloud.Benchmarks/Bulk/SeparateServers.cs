using FaceCloud.Client;
using FaceCloud.TestServers;
using FaceCloud.TestServers.Processes;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>Broker, database, Gallery, and some Ingestion and Encoder workers of one core each, in processes of their own.</summary>
internal sealed class SeparateServers : IAsyncDisposable
{
    private readonly OwnFolder _folder = new("bulk");
    private readonly List<ServiceProcess> _processes = [];
    private readonly string _models;
    private RabbitMqServer? _broker;
    private PostgresServer? _database;
    private FaceCloudClient? _client;

    private SeparateServers(string models) => _models = models;

    public FaceCloudClient Client => _client!;

    /// <summary>The only core that encoders started from now on may use; null: those of this process.</summary>
    public int? EncoderCore { get; set; }

    public Uri Broker => _broker!.Address;

    public IReadOnlyList<ServiceProcess> Processes => _processes;

    /// <summary>Every process that has a part in a job, by name; workers of one kind share theirs.</summary>
    public ILookup<string, int> ProcessIds => _processes.Select(process => (process.Name, process.Id))
        .Append(("RabbitMQ", _broker!.ProcessId))
        .Append(("PostgreSQL", _database!.ProcessId))
        .Append(("client", Environment.ProcessId))
        .ToLookup(process => process.Item1, process => process.Item2);

    /// <summary>Broker and database; no service yet.</summary>
    public static async Task<SeparateServers> StartAsync(string models, CancellationToken cancellationToken)
    {
        var servers = new SeparateServers(models);
        try
        {
            servers._broker = await RabbitMqServer.StartAsync(cancellationToken);
            servers._database = await PostgresServer.StartAsync(cancellationToken);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts Gallery and this many workers of both kinds; those before end.</summary>
    public async Task UseAsync(int workers, CancellationToken cancellationToken)
    {
        await StopAsync();
        var encoders = Enumerable.Range(0, workers).Select(_ => StartEncoder()).ToList();
        var gallery = Start("Gallery", new() { ["Encoder__Address"] = encoders[0].Grpc.ToString(), ["ConnectionStrings__postgres"] = _database!.ConnectionString });
        var ingestions = new List<ServiceProcess>();
        for (var worker = 0; worker < workers; worker++)
        {
            ingestions.Add(Start("Ingestion", new()
            {
                ["ConnectionStrings__postgres"] = _database.ConnectionString,
                ["Ingestion__CropConcurrency"] = "1",
                ["Vision__Concurrency"] = "1",
            }));
        }

        foreach (var process in _processes)
        {
            await process.WaitUntilHealthyAsync(cancellationToken);
        }

        _client = new FaceCloudClient(new FaceCloudClientOptions
        {
            Server = gallery.Grpc,
            IngestionServer = ingestions[0].Grpc,
            Deadline = TimeSpan.FromMinutes(1),
            PhotoDeadline = TimeSpan.FromMinutes(1),
            UploadDeadline = TimeSpan.FromMinutes(10),
        });
    }

    /// <summary>One encoder with one session, and nobody else.</summary>
    public async Task<ServiceProcess> UseEncoderOnlyAsync()
    {
        await StopAsync();
        return StartEncoder();
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        _client = null;
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _processes.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _folder.Dispose();
    }

    private ServiceProcess StartEncoder() => Start("Encoder", new() { ["Encoder__Sessions"] = "1" }, EncoderCore);

    private ServiceProcess Start(string name, Dictionary<string, string> settings, int? core = null)
    {
        settings["Models__Directory"] = _models;
        settings["Storage__Directory"] = _folder.Folder("data");
        settings["ConnectionStrings__rabbitmq"] = Broker.ToString();
        var process = new ServiceProcess(name, _folder.Path, settings, core);
        _processes.Add(process);
        return process;
    }
}
