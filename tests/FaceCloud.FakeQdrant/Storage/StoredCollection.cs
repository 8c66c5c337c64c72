using Qdrant.Client.Grpc;

namespace FaceCloud.FakeQdrant.Storage;

internal sealed class StoredCollection
{
    public required int Size { get; init; }

    public required StoredDistance Distance { get; init; }

    public bool IsQuantised { get; init; }

    public CreateCollection? Request { get; init; }

    public SortedDictionary<PointKey, StoredPoint> Points { get; } = [];

    /// <summary>Indexed payload fields, with their parameters.</summary>
    public Dictionary<string, PayloadIndexParams> Indexes { get; } = [];
}
