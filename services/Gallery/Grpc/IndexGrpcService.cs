using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Index.Moves;
using FaceCloud.Gallery.Store;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

/// <summary>The receptionist of those who run the server.</summary>
internal sealed class IndexGrpcService(IndexOperations operations, IndexSelection selection, GalleryStore store, IOptions<Index.Qdrant.QdrantOptions> qdrant)
    : IndexService.IndexServiceBase
{
    public override Task<V1.Index> GetIndex(GetIndexRequest request, ServerCallContext context) => Task.FromResult(Current());

    public override async Task<V1.Index> VerifyIndex(VerifyIndexRequest request, ServerCallContext context)
    {
        GalleryKey? gallery = request.GalleryId.Length > 0 ? RequestChecks.Gallery(request.GalleryId) : null;
        if (gallery is { } key)
        {
            await store.GetGalleryAsync(key, context.CancellationToken);
        }

        operations.Verify(gallery, request.Repair);
        return Current();
    }

    public override Task<V1.Index> RebuildIndex(RebuildIndexRequest request, ServerCallContext context)
    {
        operations.Rebuild();
        return Task.FromResult(Current());
    }

    public override Task<V1.Index> SwitchIndex(SwitchIndexRequest request, ServerCallContext context)
    {
        var kind = (Index.IndexKind)request.Kind;
        if (!Enum.IsDefined(kind))
        {
            throw RequestChecks.Invalid("kind must be INDEX_KIND_EMBEDDED or INDEX_KIND_QDRANT.");
        }

        if (kind == Index.IndexKind.Qdrant && qdrant.Value.Endpoint is null)
        {
            throw RequestChecks.Invalid("This server knows no Qdrant: set Qdrant:Endpoint or the connection string 'qdrant', and start it again.");
        }

        operations.Switch(kind);
        return Task.FromResult(Current());
    }

    private V1.Index Current() => IndexMapping.ToProto(selection, operations.Current);
}
