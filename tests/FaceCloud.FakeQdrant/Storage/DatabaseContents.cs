namespace FaceCloud.FakeQdrant.Storage;

internal sealed class DatabaseContents
{
    public Dictionary<string, StoredCollection> Collections { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Aliases { get; } = new(StringComparer.Ordinal);
}
