using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Tests.Support;

/// <summary>No photos, and so no labels to merge.</summary>
public sealed class EmptySource : IFaceSource
{
    public IReadOnlyList<FaceRecord> Faces => [];

    public string Fingerprint => "";

    public IReadOnlyList<(string First, string Second)> SamePerson => [];

    public IReadOnlySet<int> DoubtfulLabels => new HashSet<int>();

    public IEnumerable<EncodedFace> Read() => [];

    public byte[]? Pixels(byte[] photo) => null;
}
