using Qdrant.Client.Grpc;

namespace FaceCloud.FakeQdrant.Storage;

internal sealed record StoredPoint(PointKey Id, Dictionary<string, Value> Payload, float[] Vector);
