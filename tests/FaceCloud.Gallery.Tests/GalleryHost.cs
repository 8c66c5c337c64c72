using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Protos.Gallery.V1;
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

namespace FaceCloud.Gallery.Tests;

/// <summary>The service in this process: real store, index and vision, a fake encoder, MassTransit's harness as bus, the generated client.</summary>
internal sealed class GalleryHost : IAsyncDisposable
{
    public const string Staff = "staff";

    private readonly TemporaryFolder? _ownFolder;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private GalleryHost(TemporaryFolder? ownFolder, WebApplication app, FakeFaceEncoder encoder)
    {
        _ownFolder = ownFolder;
        _app = app;
        Encoder = encoder;
        var server = app.GetTestServer();
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = server.CreateHandler(),
            MaxSendMessageSize = null,
        });
        Client = new GalleryService.GalleryServiceClient(_channel);
        IndexClient = new IndexService.IndexServiceClient(_channel);
        Http = server.CreateClient();
    }

    public GalleryService.GalleryServiceClient Client { get; }

    public IndexService.IndexServiceClient IndexClient { get; }

    public HttpClient Http { get; }

    public FakeFaceEncoder Encoder { get; }

    public ITestHarness Harness => _app.Services.GetRequiredService<ITestHarness>();

    public GalleryStore Store => _app.Services.GetRequiredService<GalleryStore>();

    public IFaceIndex Index => _app.Services.GetRequiredService<IFaceIndex>();

    public GalleryWriter Writer => _app.Services.GetRequiredService<GalleryWriter>();

    public IServiceProvider Services => _app.Services;

    public static GalleryKey StaffKey => new(Contracts.Tenants.Default, Staff);

    /// <param name="folder">Kept by the test, to start twice on one store; null: a new one.</param>
    /// <param name="services">What the test replaces.</param>
    /// <param name="settings">Over those of the tests.</param>
    /// <param name="withGallery">Makes the gallery "staff".</param>
    public static async Task<GalleryHost> StartAsync(
        TemporaryFolder? folder = null,
        Action<IServiceCollection>? services = null,
        Dictionary<string, string?>? settings = null,
        bool withGallery = true)
    {
        var own = folder is null ? new TemporaryFolder() : null;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Directory"] = (folder ?? own!).Path,
            ["Models:Directory"] = TestModels.Shared.Directory,
            ["Gallery:IndexWait"] = "00:01:00",
            ["Gallery:StoreBatchWait"] = "00:00:00.010",
            ["Gallery:StoreRetries"] = "2",
            ["Gallery:StoreRetryPause"] = "00:00:00.064",
            ["Vision:Concurrency"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);

        var encoder = new FakeFaceEncoder();
        builder.AddServiceDefaults();
        builder.Services.AddMassTransitTestHarness(bus =>
        {
            // A busy machine is no failure: the harness gives up on silence after a second otherwise.
            bus.SetTestTimeouts(testTimeout: TimeSpan.FromMinutes(2), testInactivityTimeout: TimeSpan.FromMinutes(1));
            bus.AddGalleryConsumers();
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
        builder.Services.AddSingleton<IFaceEncoder>(encoder);
        builder.AddGallery();
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGallery();
        await app.StartAsync();
        var host = new GalleryHost(own, app, encoder);
        if (withGallery)
        {
            await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = Staff });
        }

        return host;
    }

    public static ByteString Bytes(byte[] photo) => UnsafeByteOperations.UnsafeWrap(photo);

    public static Probe PhotoProbe(byte[] photo) => new() { Photo = Bytes(photo) };

    public static Probe EmbeddingProbe(float[] values, string contract = "") => new() { Embedding = new Embedding { Values = { values }, EmbeddingContract = contract } };

    public async Task<EnrollFaceResponse> EnrolAsync(string person, byte[] photo, string gallery = Staff) =>
        await Client.EnrollFaceAsync(new EnrollFaceRequest { GalleryId = gallery, PersonId = person, Photo = Bytes(photo) });

    /// <summary>Stores faces without photos, for tests that are about numbers.</summary>
    public async Task StoreAsync(params (string Person, float[] Embedding)[] faces)
    {
        var (_, acceptance) = await Store.BeginEnrolmentAsync(StaffKey, "nobody", CancellationToken.None);
        var stored = await Writer.AddFacesAsync(
            StaffKey,
            [.. faces.Select((face, i) => TestFaces.New(acceptance, face.Person, $"photo {i}", embedding: face.Embedding) with { PersonName = "" })],
            CancellationToken.None);
        Assert.All(stored, face => Assert.Equal(StoredFaceState.Added, face.State));
    }

    /// <summary>A unit vector at this cosine to the first axis, turned towards another axis.</summary>
    public static float[] AtCosine(float cosine, int axis)
    {
        var values = new float[FakeFaceEncoder.Dimension];
        values[0] = cosine;
        values[axis] = MathF.Sqrt(1 - (cosine * cosine));
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _ownFolder?.Dispose();
    }
}
