using FaceCloud.FakeQdrant;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Tests.Index.Qdrant;

namespace FaceCloud.Gallery.Tests.Index.Contract;

/// <summary>Over a real connection to a server in this process; quantised, so that scores are wrong unless rescoring is asked for.</summary>
public class FakeQdrantIndexContract : FaceIndexContract
{
    private FakeQdrantServer _server = null!;
    private QdrantConnection _connection = null!;

    private protected virtual bool IsExact => false;

    private protected virtual bool AnswersFlat => false;

    private protected override async Task<IFaceIndex> OpenAsync(TestFacts facts)
    {
        _server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { AnswersFlat = AnswersFlat });
        _connection = QdrantConnection.To(_server, options => options.Exact = IsExact);
        return _connection.Open(facts);
    }

    private protected override async ValueTask CloseAsync(IFaceIndex index)
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }
}
