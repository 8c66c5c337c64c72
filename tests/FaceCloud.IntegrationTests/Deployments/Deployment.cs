using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;

namespace FaceCloud.IntegrationTests.Deployments;

/// <summary>A running FaceCloud, whatever it is made of. Clients see no difference, and neither do the scenarios.</summary>
public abstract class Deployment : IAsyncLifetime
{
    private readonly Lazy<GalleryService.GalleryServiceClient> _gallery;
    private readonly Lazy<IngestionService.IngestionServiceClient> _ingestion;

    protected Deployment()
    {
        _gallery = new(() => new GalleryService.GalleryServiceClient(GalleryProcess.Channel));
        _ingestion = new(() => new IngestionService.IngestionServiceClient(IngestionProcess.Channel));
    }

    /// <summary>Answers for galleries.</summary>
    public abstract ServiceProcess GalleryProcess { get; }

    /// <summary>Answers for jobs.</summary>
    public abstract ServiceProcess IngestionProcess { get; }

    /// <summary>All processes, each once, in a good order to start in.</summary>
    public abstract IReadOnlyList<ServiceProcess> Processes { get; }

    public GalleryService.GalleryServiceClient Gallery => _gallery.Value;

    public IngestionService.IngestionServiceClient Ingestion => _ingestion.Value;

    /// <summary>Folder with ONNX files and models.json; the drawn faces' own, unless a test needs others.</summary>
    public string ModelsDirectory { get; init; } = TestModels.Shared.Directory;

    /// <summary>More settings for all processes, as <c>Section:Key</c>.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Data of the services.</summary>
    protected OwnFolder Folder { get; } = new("services");

    /// <summary>Where Ingestion keeps photos that wait.</summary>
    protected abstract string PhotoFolder { get; }

    /// <summary>The ends of all logs.</summary>
    public string Tails => string.Join(Environment.NewLine, Processes.Select(process => process.Tail));

    /// <summary>Photos that the store still holds.</summary>
    public IReadOnlyList<string> StoredPhotos() =>
        Directory.Exists(PhotoFolder) ? [.. Directory.EnumerateFiles(PhotoFolder, "*", SearchOption.AllDirectories)] : [];

    /// <summary>Until the store holds no photo but these. A photo is deleted after its outcome is written, so the last one may go a little after the job's end.</summary>
    public Task UntilNoStoredPhotosAsync(CancellationToken cancellationToken, IReadOnlyList<string>? but = null, TimeSpan? limit = null)
    {
        return Patience.UntilAsync(
            _ => Task.FromResult(Left() == 0), () => $"{Left()} photos are left in the store.{Environment.NewLine}{Tails}", cancellationToken, limit);

        int Left() => StoredPhotos().Except(but ?? []).Count();
    }

    public async ValueTask InitializeAsync()
    {
        await MakeAsync(TestContext.Current.CancellationToken);
        await StartAllAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Makes the processes and what they need, not yet started.</summary>
    public abstract Task MakeAsync(CancellationToken cancellationToken);

    public async Task StartAllAsync(CancellationToken cancellationToken)
    {
        foreach (var process in Processes)
        {
            process.Start();
        }

        foreach (var process in Processes)
        {
            await process.WaitUntilHealthyAsync(cancellationToken);
        }
    }

    /// <summary>Stops every process in good order and starts all again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        foreach (var process in Processes)
        {
            await process.StopAsync();
        }

        await StartAllAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes)
        {
            await process.DisposeAsync();
        }

        await CleanAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual Task CleanAsync() => Task.CompletedTask;

    protected ServiceProcess Make(string name, Dictionary<string, string> settings)
    {
        settings["Models:Directory"] = ModelsDirectory;
        settings["Storage:Directory"] = StorageOf(name);
        foreach (var (key, value) in Settings)
        {
            settings[key] = value;
        }

        return new ServiceProcess(name, settings, Folder.Path);
    }

    protected string StorageOf(string name) => Folder.Folder(name);
}
