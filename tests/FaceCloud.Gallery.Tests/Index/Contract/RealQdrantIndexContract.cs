using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Tests.Index.Qdrant;

namespace FaceCloud.Gallery.Tests.Index.Contract;

/// <summary>On the server that FACECLOUD_TEST_QDRANT names (http://host:6334, or Endpoint=…;Key=…); leaves nothing behind.</summary>
public sealed class RealQdrantIndexContract : FaceIndexContract
{
    public const string Variable = "FACECLOUD_TEST_QDRANT";

    private QdrantConnection? _connection;

    private protected override Task<IFaceIndex> OpenAsync(TestFacts facts)
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(text), $"Needs a Qdrant server; set {Variable} to its gRPC address (or Endpoint=…;Key=…).");
        var parts = text.Contains('=', StringComparison.Ordinal)
            ? new System.Data.Common.DbConnectionStringBuilder { ConnectionString = text }
            : new System.Data.Common.DbConnectionStringBuilder { ["Endpoint"] = text };
        _connection = new QdrantConnection(new Uri((string)parts["Endpoint"]), options =>
        {
            options.ApiKey = parts.TryGetValue("Key", out var key) ? key.ToString() : null;
            options.Prefix = $"facecloud-test-{Guid.NewGuid():N}"[..40];
            options.Exact = true;
            options.ReadTimeout = options.WriteTimeout = TimeSpan.FromMinutes(1);
        });
        return Task.FromResult<IFaceIndex>(_connection.Open(facts));
    }

    private protected override async ValueTask CloseAsync(IFaceIndex index)
    {
        if (_connection is not null)
        {
            await index.ClearAsync(CancellationToken.None);
            _connection.Dispose();
        }
    }
}
