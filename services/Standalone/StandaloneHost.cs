using FaceCloud.Encoder;
using FaceCloud.Gallery;
using FaceCloud.Inference.Models;
using FaceCloud.Ingestion;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Messaging;
using FaceCloud.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace FaceCloud.Standalone;

/// <summary>The three services in one process: the sum of their Program.cs. Others that want to host them (AppHost) call this.</summary>
public static class StandaloneHost
{
    /// <summary>Runs until it is stopped.</summary>
    /// <returns>0, or 1 when a model is missing or wrong; standard error says which and what to do.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Build(args);
        app.Lifetime.ApplicationStarted.Register(() => SayReady(app));
        return await app.RunWithModelsAsync();
    }

    public static WebApplication Build(string[] args)
    {
        var builder = ServiceBuilder.Create(args);

        builder.AddServiceDefaults();
        builder.AddEndpoints(httpPort: 8080, grpcPort: 8081);
        builder.AddMessaging(
            bus =>
            {
                bus.AddIngestionConsumers();
                bus.AddEncoderConsumers();
                bus.AddGalleryConsumers();
            },
            defaultTransport: MessagingTransport.InMemory);
        builder.AddEncoder();
        builder.AddGallery();
        builder.AddIngestion();

        var app = builder.Build();

        app.MapDefaultEndpoints();
        app.MapGallery();
        app.MapIngestion();
        app.MapEncoder();

        return app;
    }

    // In the order of the listeners: HTTP/JSON, then gRPC.
    private static void SayReady(WebApplication app)
    {
        var models = app.Services.GetRequiredService<ModelCatalog>();
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToArray();
        Log.Ready(app.Logger, addresses[0] + OpenApiDefaults.PagePath, addresses[^1], models.Detector.Name, models.Encoder.EmbeddingContract);
    }
}
