using System.Reflection;
using FaceCloud.Encoder;
using FaceCloud.Gallery;
using FaceCloud.Inference;
using FaceCloud.Ingestion;
using FaceCloud.ServiceDefaults;
using FaceCloud.Testing;
using FaceCloud.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceCloud.StructuralTests;

/// <summary>The assemblies that have options and consumers, and the services as Program.cs composes them.</summary>
internal static class Rooms
{
    public static IReadOnlyList<Assembly> All { get; } =
    [
        typeof(EncoderExtensions).Assembly,
        typeof(GalleryExtensions).Assembly,
        typeof(IngestionExtensions).Assembly,
        typeof(Endpoints).Assembly,
        typeof(InferenceExtensions).Assembly,
        typeof(VisionExtensions).Assembly,
    ];

    /// <summary>Every registration of one service, or of all three in one process, with a setting of the test's.</summary>
    public static ServiceProvider Compose(string service, params ReadOnlySpan<(string Key, string Value)> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Models:Directory"] = TestModels.Shared.Directory;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddServiceDefaults();
        builder.AddEndpoints(httpPort: 8080, grpcPort: 8081);
        ServiceDefaults.Messaging.MessagingExtensions.AddMessaging(builder, _ => { }, ServiceDefaults.Messaging.MessagingTransport.InMemory);
        if (service is "Encoder" or "Standalone")
        {
            builder.AddEncoder();
        }

        if (service is "Gallery" or "Standalone")
        {
            builder.AddGallery();
        }

        if (service is "Ingestion" or "Standalone")
        {
            builder.AddIngestion();
        }

        return builder.Services.BuildServiceProvider();
    }
}
