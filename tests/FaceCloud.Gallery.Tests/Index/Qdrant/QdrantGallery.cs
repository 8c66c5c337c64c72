using System.Text.Json;
using FaceCloud.FakeQdrant;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Tests.Index.Qdrant;

/// <summary>The service with its index on a server of this process, impatient as tests are.</summary>
internal static class QdrantGallery
{
    public static Dictionary<string, string?> Settings(FakeQdrantServer server, params ReadOnlySpan<(string Key, string Value)> also)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Index:Kind"] = "qdrant",
            ["Index:CheckInterval"] = "00:00:00.050",
            ["Index:RetryPause"] = "00:00:00.020",
            ["Qdrant:Endpoint"] = server.Address.ToString(),
            ["Qdrant:RetryPause"] = "00:00:00.001",
            ["Qdrant:ReadTimeout"] = "00:02:00",
            ["Qdrant:WriteTimeout"] = "00:02:00",
        };
        foreach (var (key, value) in also)
        {
            settings[key] = value;
        }

        return settings;
    }

    public static Task<GalleryHost> StartAsync(
        FakeQdrantServer server, TemporaryFolder? folder = null, bool withGallery = true, params (string Key, string Value)[] settings) =>
        GalleryHost.StartAsync(folder, settings: Settings(server, settings), withGallery: withGallery);

    public static async Task<(string Status, string Description)> HealthAsync(GalleryHost host)
    {
        using var reply = await host.Http.GetAsync("/health", TestContext.Current.CancellationToken);
        var check = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("checks").GetProperty("index");
        return (check.GetProperty("status").GetString()!, check.GetProperty("description").GetString() ?? "");
    }

    /// <summary>Waits, for a minute at most, until it is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public static async Task<IdentifyResponse> IdentifyAsync(GalleryHost host, float[] embedding, string gallery = GalleryHost.Staff) =>
        await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = gallery, Probe = GalleryHost.EmbeddingProbe(embedding), IncludeBelowThreshold = true });

    public static async Task<int> StoredFacesAsync(GalleryHost host) =>
        (int)(await host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = GalleryHost.Staff })).FaceCount;
}
