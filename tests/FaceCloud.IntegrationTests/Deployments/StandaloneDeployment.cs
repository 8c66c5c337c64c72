namespace FaceCloud.IntegrationTests.Deployments;

/// <summary>One process: in-memory bus, SQLite, embedded index.</summary>
public sealed class StandaloneDeployment : Deployment
{
    private ServiceProcess? _process;

    public override ServiceProcess GalleryProcess => _process!;

    public override ServiceProcess IngestionProcess => _process!;

    public override IReadOnlyList<ServiceProcess> Processes => _process is null ? [] : [_process];

    protected override string PhotoFolder => Path.Combine(StorageOf("Standalone"), "photos");

    public override Task MakeAsync(CancellationToken cancellationToken)
    {
        _process = Make("Standalone", []);
        return Task.CompletedTask;
    }
}
