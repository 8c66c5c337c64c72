using FaceCloud.IntegrationTests.Servers;

namespace FaceCloud.IntegrationTests.Deployments;

/// <summary>Gallery, Ingestion and Encoder in processes of their own, over RabbitMQ and PostgreSQL.</summary>
public sealed class SeparateDeployment(RabbitMqFixture rabbit, PostgresFixture postgres) : Deployment
{
    private ServiceProcess? _gallery;
    private ServiceProcess? _ingestion;
    private ServiceProcess? _encoder;
    private string? _database;

    /// <summary>Another broker than the shared one, for tests that kill it.</summary>
    public Uri? Broker { get; init; }

    /// <summary>Address of the broker in use.</summary>
    public Uri BrokerAddress { get; private set; } = new("amqp://nowhere");

    /// <summary>Put behind the database's connection string, as ";Key=value".</summary>
    public string DatabaseOptions { get; set; } = "";

    /// <summary>Connection string of the services' database.</summary>
    public string Database => _database!;

    public override ServiceProcess GalleryProcess => _gallery!;

    public override ServiceProcess IngestionProcess => _ingestion!;

    public ServiceProcess EncoderProcess => _encoder!;

    public override IReadOnlyList<ServiceProcess> Processes => _gallery is null ? [] : [EncoderProcess, GalleryProcess, IngestionProcess];

    protected override string PhotoFolder => Path.Combine(StorageOf("Ingestion"), "photos");

    public override async Task MakeAsync(CancellationToken cancellationToken)
    {
        BrokerAddress = Broker ?? await rabbit.EmptyBrokerAsync(cancellationToken);
        var broker = BrokerAddress.ToString();
        _database = await postgres.CreateDatabaseAsync(cancellationToken);

        _encoder = Make("Encoder", new() { ["ConnectionStrings:rabbitmq"] = broker });
        _gallery = Make("Gallery", new()
        {
            ["ConnectionStrings:rabbitmq"] = broker,
            ["ConnectionStrings:postgres"] = _database + DatabaseOptions,
            ["Encoder:Address"] = _encoder.Grpc.ToString(),
        });
        _ingestion = Make("Ingestion", new()
        {
            ["ConnectionStrings:rabbitmq"] = broker,
            ["ConnectionStrings:postgres"] = _database + DatabaseOptions,
        });
    }

    /// <summary>Takes the database away, with all connections to it.</summary>
    public Task LoseDatabaseAsync(CancellationToken cancellationToken) => postgres.DropDatabaseAsync(Database, cancellationToken);

    protected override async Task CleanAsync()
    {
        if (_database is not null)
        {
            await postgres.DropDatabaseAsync(_database, CancellationToken.None);
        }
    }
}
