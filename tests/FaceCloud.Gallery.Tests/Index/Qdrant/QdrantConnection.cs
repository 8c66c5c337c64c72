using FaceCloud.FakeQdrant;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Index.Qdrant;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Tests.Index.Qdrant;

/// <summary>One process' connection to a server, and indexes over it.</summary>
internal sealed class QdrantConnection : IDisposable
{
    private readonly IOptions<QdrantOptions> _options;
    private readonly QdrantChannel _channel;

    public QdrantConnection(Uri endpoint, Action<QdrantOptions>? change = null, ILogger<QdrantChannel>? logger = null)
    {
        // Patient: only tests about deadlines may meet one.
        var patience = TimeSpan.FromMinutes(2);
        var options = new QdrantOptions { Endpoint = endpoint, RetryPause = TimeSpan.FromMilliseconds(1), ReadTimeout = patience, WriteTimeout = patience };
        change?.Invoke(options);
        _options = Options.Create(options);
        _channel = new QdrantChannel(_options, TimeProvider.System, logger ?? NullLogger<QdrantChannel>.Instance);
    }

    public static QdrantConnection To(FakeQdrantServer server, Action<QdrantOptions>? change = null) => new(server.Address, change);

    public QdrantFaceIndex Open(IGalleryFacts facts, bool isFresh = false) => new(_channel.Invoker, facts, _options, isFresh);

    public void Dispose() => _channel.Dispose();
}
