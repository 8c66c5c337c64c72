using System.Net;
using System.Text.Json;
using FaceCloud.Contracts.Failures;
using FaceCloud.Protos.Encoder.V1;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.ServiceDefaults.Tests.OpenApi;

/// <summary>The three services' calls behind the service defaults, over HTTP; their answers do not matter here, but for one.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private WebApplication _app = null!;

    public HttpClient Http { get; private set; } = null!;

    public JsonElement Document { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        _app.MapDefaultEndpoints();
        _app.MapGrpcService<EncoderStub>();
        _app.MapGrpcService<GalleryStub>();
        _app.MapGrpcService<IndexStub>();
        _app.MapGrpcService<IngestionStub>();
        await _app.StartAsync();

        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.First()) };
        Document = JsonDocument.Parse(await Http.GetStringAsync("/openapi/v1.json")).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class EncoderStub : EncoderService.EncoderServiceBase;

    private sealed class IndexStub : IndexService.IndexServiceBase;

    private sealed class IngestionStub : IngestionService.IngestionServiceBase;

    private sealed class GalleryStub : GalleryService.GalleryServiceBase
    {
        public override Task<V1.Gallery> GetGallery(GetGalleryRequest request, ServerCallContext context) =>
            request.GalleryId == "staff"
                ? Task.FromResult(new V1.Gallery { GalleryId = "staff", PersonCount = 1L << 60, CreatedAt = new() })
                : throw new FailureException(FailureReason.GalleryNotFound, "There is no such gallery.");
    }
}
