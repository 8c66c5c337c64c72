using System.Net;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>
/// A server that speaks the protocol over real connections, with the services' own error manners, but knows no faces:
/// what a photo shows stands in it as text (see <see cref="FakePhoto"/>).
/// </summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeServer(WebApplication app) => _app = app;

    public FakeGallery Gallery => _app.Services.GetRequiredService<FakeGallery>();

    public FakeIngestion Ingestion => _app.Services.GetRequiredService<FakeIngestion>();

    public FakeIndex Index => _app.Services.GetRequiredService<FakeIndex>();

    public Traffic Traffic => _app.Services.GetRequiredService<Traffic>();

    /// <summary>What the health check says.</summary>
    public bool IsHealthy
    {
        set => _app.Services.GetRequiredService<Fitness>().IsHealthy = value;
    }

    /// <summary>gRPC.</summary>
    public string Address => Addresses[1];

    /// <summary>HTTP/1.1, where no gRPC is spoken.</summary>
    public string HttpAddress => Addresses[0];

    private string[] Addresses => [.. _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses];

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddGrpcDefaults();
        builder.AddDefaultHealthChecks();
        builder.Services.AddSingleton<Fitness>();
        builder.Services.AddHealthChecks().AddCheck<Fitness>("fitness");
        builder.Services.AddSingleton<Traffic>().AddSingleton<FakeGallery>().AddSingleton<FakeIngestion>().AddSingleton<FakeIndex>();
        builder.Services.AddGrpc(options => options.Interceptors.Add<Traffic>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = Endpoints.MaxMessageBytes;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });

        var app = builder.Build();
        app.MapHealth();
        app.MapGrpcService<FakeGallery>();
        app.MapGrpcService<FakeIngestion>();
        app.MapGrpcService<FakeIndex>();
        await app.StartAsync();
        return new FakeServer(app);
    }

    public FaceCloudClient Connect() => Connect(options => options);

    public FaceCloudClient Connect(Func<FaceCloudClientOptions, FaceCloudClientOptions> change) =>
        new(change(new FaceCloudClientOptions
        {
            Server = new Uri(Address),
            IngestionServer = null,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        }));

    public async ValueTask DisposeAsync()
    {
        Traffic.ReleaseAll();
        await _app.DisposeAsync();
    }

    private sealed class Fitness : IHealthCheck
    {
        public bool IsHealthy { get; set; } = true;

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(IsHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
    }
}
