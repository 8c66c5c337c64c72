namespace FaceCloud.FakeQdrant.Storage;

internal enum StoredDistance
{
    Cosine,
    Euclid,
    Dot,
    Manhattan,
}
