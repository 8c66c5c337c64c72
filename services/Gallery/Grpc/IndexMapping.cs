using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Index.Moves;
using Google.Protobuf.WellKnownTypes;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class IndexMapping
{
    public static V1.Index ToProto(IndexSelection selection, IndexOperation? operation) => new()
    {
        Kind = (V1.IndexKind)selection.Kind,
        MovingTo = (V1.IndexKind)(selection.MovingTo ?? 0),
        Operation = operation is null ? null : ToProto(operation),
    };

    private static V1.IndexOperation ToProto(IndexOperation operation) => new()
    {
        Kind = (V1.IndexOperationKind)operation.Kind,
        State = (V1.IndexOperationState)operation.State,
        GalleryId = operation.Gallery?.GalleryId ?? "",
        Repair = operation.Repair,
        Galleries = operation.Galleries,
        GalleriesDone = operation.GalleriesDone,
        Drift = new V1.IndexDrift
        {
            Faces = operation.Drift.Faces,
            Missing = operation.Drift.Missing,
            Extra = operation.Drift.Extra,
            Changed = operation.Drift.Changed,
            Damaged = operation.Drift.Damaged,
        },
        Message = operation.Message,
        StartedAt = operation.StartedAt.ToTimestamp(),
        FinishedAt = operation.FinishedAt?.ToTimestamp(),
    };
}
