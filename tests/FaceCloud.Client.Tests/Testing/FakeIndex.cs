using FaceCloud.Contracts.Failures;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>An index whose operations end when they are looked at a second time.</summary>
internal sealed class FakeIndex : IndexService.IndexServiceBase
{
    private static readonly Timestamp Now = new() { Seconds = 1_750_000_000 };

    private readonly Lock _lock = new();
    private readonly V1.Index _index = new() { Kind = IndexKind.Embedded };
    private bool _seen;

    /// <summary>What the next verification finds.</summary>
    public IndexDrift Drift { get; set; } = new() { Faces = 2 };

    /// <summary>How the next operation ends.</summary>
    public IndexOperationState End { get; set; } = IndexOperationState.Succeeded;

    public VerifyIndexRequest? LastVerify { get; private set; }

    public override Task<V1.Index> GetIndex(GetIndexRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            if (_seen && _index.Operation is { State: IndexOperationState.Running } operation)
            {
                (operation.State, operation.GalleriesDone, operation.Message, operation.FinishedAt) = (End, 1, End == IndexOperationState.Failed ? "It broke." : "", Now);
                operation.Drift = Drift;
                if (operation.Kind == IndexOperationKind.Switch && End == IndexOperationState.Succeeded)
                {
                    _index.Kind = _index.MovingTo;
                }

                _index.MovingTo = IndexKind.Unspecified;
            }

            _seen = true;
            return Task.FromResult(_index.Clone());
        }
    }

    public override Task<V1.Index> VerifyIndex(VerifyIndexRequest request, ServerCallContext context)
    {
        LastVerify = request;
        if (request.GalleryId is not ("" or "default"))
        {
            throw new FailureException(FailureReason.GalleryNotFound, $"There is no gallery '{request.GalleryId}'.");
        }

        return Begin(new IndexOperation { Kind = IndexOperationKind.Verify, GalleryId = request.GalleryId, Repair = request.Repair }, IndexKind.Unspecified);
    }

    public override Task<V1.Index> RebuildIndex(RebuildIndexRequest request, ServerCallContext context) =>
        Begin(new IndexOperation { Kind = IndexOperationKind.Rebuild }, _index.Kind);

    public override Task<V1.Index> SwitchIndex(SwitchIndexRequest request, ServerCallContext context) =>
        Begin(new IndexOperation { Kind = IndexOperationKind.Switch }, request.Kind);

    private Task<V1.Index> Begin(IndexOperation operation, IndexKind movingTo)
    {
        lock (_lock)
        {
            (operation.State, operation.Galleries, operation.StartedAt, operation.Message) = (IndexOperationState.Running, 1, Now, "Waiting: nobody is there yet.");
            (_index.Operation, _index.MovingTo, _seen) = (operation, movingTo, false);
            return Task.FromResult(_index.Clone());
        }
    }
}
