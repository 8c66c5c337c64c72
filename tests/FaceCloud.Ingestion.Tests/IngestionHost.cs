using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using Google.Protobuf;
using Grpc.Net.Client;
using MassTransit;
using MassTransit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Ingestion.Tests;

/// <summary>The service in this process: real store, photos and vision, MassTransit's harness as bus, the generated client.</summary>
internal sealed class IngestionHost : IAsyncDisposable
{
    public const string Gallery = "staff";

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private IngestionHost(TemporaryFolder folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        var server = app.GetTestServer();
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = server.CreateHandler(),
            MaxSendMessageSize = null,
        });
        Client = new IngestionService.IngestionServiceClient(_channel);
        Http = server.CreateClient();
    }

    public IngestionService.IngestionServiceClient Client { get; }

    public HttpClient Http { get; }

    public ITestHarness Harness => _app.Services.GetRequiredService<ITestHarness>();

    public IServiceProvider Services => _app.Services;

    public EnrolmentJobs Jobs => _app.Services.GetRequiredService<EnrolmentJobs>();

    public IngestionStore Store => _app.Services.GetRequiredService<IngestionStore>();

    public IPhotoStore Photos => _app.Services.GetRequiredService<IPhotoStore>();

    public OverdueItems Overdue => _app.Services.GetServices<IHostedService>().OfType<OverdueItems>().Single();

    public PhotoSweeper PhotoSweeper => _app.Services.GetServices<IHostedService>().OfType<PhotoSweeper>().Single();

    public string Folder => _folder.Path;

    /// <param name="bus">Consumers of the test, such as one that plays the encoder.</param>
    /// <param name="services">What the test replaces.</param>
    /// <param name="settings">Over those of the tests.</param>
    /// <param name="withConsumers">False: what is published is lost.</param>
    public static async Task<IngestionHost> StartAsync(
        Action<IBusRegistrationConfigurator>? bus = null,
        Action<IServiceCollection>? services = null,
        Dictionary<string, string?>? settings = null,
        bool withConsumers = true)
    {
        var folder = new TemporaryFolder();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Directory"] = folder.Path,
            ["Models:Directory"] = TestModels.Shared.Directory,
            ["Ingestion:RetryLimit"] = "1",
            ["Ingestion:RetryMinInterval"] = "00:00:00.001",
            ["Ingestion:RetryMaxInterval"] = "00:00:00.010",
            ["Ingestion:OutcomeBatchWait"] = "00:00:00.010",
            ["Ingestion:WatchInterval"] = "00:00:00.010",
            ["Vision:Concurrency"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);

        builder.AddServiceDefaults();
        builder.Services.AddMassTransitTestHarness(configurator =>
        {
            if (withConsumers)
            {
                configurator.AddIngestionConsumers();
            }

            bus?.Invoke(configurator);
            configurator.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
        builder.AddIngestion();
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapIngestion();
        await app.StartAsync();
        return new IngestionHost(folder, app);
    }

    public Task<Job> StartJobAsync(string jobId = "load", int maxFaces = 1, float? minQuality = null)
    {
        var request = new StartJobRequest { GalleryId = Gallery, JobId = jobId, MaxFaces = maxFaces };
        if (minQuality is { } quality)
        {
            request.MinQuality = quality;
        }

        return Client.StartJobAsync(request).ResponseAsync;
    }

    public static UploadPhotoRequest Photo(byte[] photo, string person = "ada", string jobId = "load", string source = "") => new()
    {
        JobId = jobId,
        PersonId = person,
        Source = source,
        Photo = UnsafeByteOperations.UnsafeWrap(photo),
    };

    public async Task<UploadResponse> UploadAsync(params IEnumerable<UploadPhotoRequest> photos)
    {
        using var call = Client.Upload();
        foreach (var photo in photos)
        {
            await call.RequestStream.WriteAsync(photo);
        }

        await call.RequestStream.CompleteAsync();
        return await call;
    }

    /// <summary>Closes the job and follows it to its end.</summary>
    public async Task<Job> CompleteAsync(string jobId = "load")
    {
        await Client.CloseJobAsync(new CloseJobRequest { JobId = jobId });
        using var call = Client.WatchJob(new WatchJobRequest { JobId = jobId }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        Job? last = null;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            last = call.ResponseStream.Current;
        }

        return last!;
    }

    public async Task<IReadOnlyList<Item>> ItemsAsync(string jobId = "load") =>
        (await Client.ListItemsAsync(new ListItemsRequest { JobId = jobId, PageSize = 1000 })).Items;

    /// <summary>Photos that lie in the photo store.</summary>
    public IReadOnlyList<string> StoredPhotos() =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path))
            .Where(name => PhotoKeys.ItemOf(name) is not null)];

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
