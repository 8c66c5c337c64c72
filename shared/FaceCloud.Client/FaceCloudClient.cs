using FaceCloud.Client.Transport;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Client;

/// <summary>
/// FaceCloud from a program: verify, identify, enrol, and load whole populations.
/// Answers are the messages of the protocol (<c>FaceCloud.Protos.Gallery.V1</c>, <c>FaceCloud.Protos.Ingestion.V1</c>), so that
/// the protos are the one manual. Every failed call throws <see cref="FaceCloudException"/>; a cancelled token throws
/// <see cref="OperationCanceledException"/>. One instance serves any number of threads; keep it, since it holds the connections.
/// </summary>
public sealed partial class FaceCloudClient : IDisposable
{
    // The fields around a photo or embedding in its message.
    private const int MessageOverhead = 64 * 1024;

    private readonly FaceCloudClientOptions _options;
    private readonly ServerChannel _gallery;
    private readonly ServerChannel _ingestion;

    /// <summary>A client of the server in FACECLOUD_SERVER, else of http://localhost:8081.</summary>
    public FaceCloudClient()
        : this(new FaceCloudClientOptions())
    {
    }

    /// <param name="server">gRPC address of Gallery or Standalone, for example http://localhost:8081.</param>
    /// <param name="ingestionServer">gRPC address of Ingestion where it is another one; default: the same.</param>
    /// <exception cref="FormatException">Not an http or https address.</exception>
    public FaceCloudClient(string server, string? ingestionServer = null)
        : this(new FaceCloudClientOptions
        {
            Server = FaceCloudClientOptions.ParseServer(server),
            IngestionServer = ingestionServer is null ? null : FaceCloudClientOptions.ParseServer(ingestionServer),
        })
    {
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">Credentials for an address in clear text that is not this machine.</exception>
    public FaceCloudClient(FaceCloudClientOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxAttempts, 5);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.RetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.MaxMessageBytes, MessageOverhead);

        _options = options;
        _gallery = new ServerChannel(options.Server, options);
        _ingestion = options.IngestionServer is null || options.IngestionServer == options.Server
            ? _gallery
            : new ServerChannel(options.IngestionServer, options);
        Gallery = new GalleryService.GalleryServiceClient(_gallery.Invoker);
        Ingestion = new IngestionService.IngestionServiceClient(_ingestion.Invoker);
        Frames = new FrameService.FrameServiceClient(_gallery.Invoker);
        Grouping = new GroupingService.GroupingServiceClient(_gallery.Invoker);
        Doctor = new DoctorService.DoctorServiceClient(_gallery.Invoker);
        Backups = new BackupService.BackupServiceClient(_gallery.Invoker);
    }

    /// <summary>Address of Gallery.</summary>
    public Uri Server => _gallery.Server;

    /// <summary>Address of Ingestion; the same as <see cref="Server"/> with Standalone.</summary>
    public Uri IngestionServer => _ingestion.Server;

    /// <summary>The bare calls of Gallery: no deadline, errors as RpcException.</summary>
    public GalleryService.GalleryServiceClient Gallery { get; }

    /// <summary>The bare calls of Ingestion: no deadline, errors as RpcException.</summary>
    public IngestionService.IngestionServiceClient Ingestion { get; }

    /// <summary>The bare calls of Gallery's frames.</summary>
    public FrameService.FrameServiceClient Frames { get; }

    /// <summary>The bare calls of Gallery's grouping.</summary>
    public GroupingService.GroupingServiceClient Grouping { get; }

    /// <summary>The bare calls of Gallery's doctor.</summary>
    public DoctorService.DoctorServiceClient Doctor { get; }

    /// <summary>The bare calls of Gallery's backups.</summary>
    public BackupService.BackupServiceClient Backups { get; }

    public void Dispose()
    {
        _gallery.Dispose();
        _ingestion.Dispose();
    }
}
