using Grpc.Core;
using Qdrant.Client.Grpc;

namespace FaceCloud.FakeQdrant.Grpc;

internal sealed class QdrantService : global::Qdrant.Client.Grpc.Qdrant.QdrantBase
{
    public override Task<HealthCheckReply> HealthCheck(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckReply { Title = "fake qdrant", Version = "1.18.0" });
}
