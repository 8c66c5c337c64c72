using Grpc.Core;

namespace FaceCloud.Client;

/// <summary>A call that did not succeed: a reason for programs and, as the message, a sentence for people.</summary>
public sealed class FaceCloudException : Exception
{
    public FaceCloudException(StatusCode status, string reason, string message, Exception? inner = null)
        : base(message, inner)
    {
        Status = status;
        Reason = reason;
    }

    /// <summary>gRPC status, e.g. NotFound.</summary>
    public StatusCode Status { get; }

    /// <summary>
    /// What went wrong, in capitals: the server's reason (GALLERY_NOT_FOUND, PHOTO_DAMAGED, …), one of
    /// <see cref="FailureReasons"/>, or the name of the status where the server gave no reason.
    /// </summary>
    public string Reason { get; }

    /// <summary>No server answered, or it was too busy or broken to: the same call may succeed later.</summary>
    public bool IsTransient => Status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted or StatusCode.Aborted;
}
