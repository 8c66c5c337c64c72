using FaceCloud.Contracts.Failures;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace FaceCloud.ServiceDefaults.Grpc;

/// <summary>The gRPC status of every failure reason, and the rich form that carries the reason to clients.</summary>
public static class FailureStatus
{
    /// <summary>Domain of every ErrorInfo of ours.</summary>
    public const string Domain = "facecloud";

    public static StatusCode Code(FailureReason reason) => reason switch
    {
        FailureReason.Internal => StatusCode.Internal,

        FailureReason.InvalidArgument or
        FailureReason.InvalidId or
        FailureReason.InvalidPageToken or
        FailureReason.MessageUnsupported or
        FailureReason.PhotoEmpty or
        FailureReason.PhotoTooLarge or
        FailureReason.PhotoTooManyPixels or
        FailureReason.PhotoNotAnImage or
        FailureReason.PhotoUnsupported or
        FailureReason.PhotoDamaged or
        FailureReason.InvalidCrop or
        FailureReason.BackupDamaged or
        FailureReason.ReferenceNotAllowed or
        FailureReason.EmbeddingWrongLength or
        FailureReason.EmbeddingNotFinite => StatusCode.InvalidArgument,

        FailureReason.GalleryNotFound or
        FailureReason.CalibrationNotFound or
        FailureReason.PersonNotFound or
        FailureReason.FaceNotFound or
        FailureReason.JobNotFound or
        FailureReason.PhotoNotFound => StatusCode.NotFound,

        FailureReason.GalleryExists or
        FailureReason.JobExists => StatusCode.AlreadyExists,

        FailureReason.ContractMismatch or
        FailureReason.ModelNotCalibrated or
        FailureReason.CalibrationImpossible or
        FailureReason.CalibrationInvalid or
        FailureReason.BackupUnsupported or
        FailureReason.PersonHasNoFace or
        FailureReason.ReferenceUnusable or
        FailureReason.IndexRefused or
        FailureReason.IndexMismatch or
        FailureReason.IndexBusy or
        FailureReason.JobClosed or
        FailureReason.JobEnded or
        FailureReason.ReferenceUnreadable => StatusCode.FailedPrecondition,

        FailureReason.PersonDeleted => StatusCode.Aborted,

        FailureReason.FaceDamaged => StatusCode.DataLoss,

        FailureReason.PhotoStoreFull or
        FailureReason.IntakeFull or
        FailureReason.EncoderBusy => StatusCode.ResourceExhausted,

        FailureReason.EncoderUnavailable or
        FailureReason.StoreUnavailable or
        FailureReason.IndexUnavailable or
        FailureReason.BrokerUnavailable => StatusCode.Unavailable,

        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A failure reason without a status."),
    };

    /// <summary>Status with an ErrorInfo whose reason is the wire name, e.g. GALLERY_NOT_FOUND.</summary>
    public static RpcException ToRpcException(FailureReason reason, string message)
    {
        var status = new Status
        {
            Code = (int)Code(reason),
            Message = message,
            Details = { Any.Pack(new ErrorInfo { Domain = Domain, Reason = reason.ToWire() }) },
        };
        return status.ToRpcException();
    }
}
