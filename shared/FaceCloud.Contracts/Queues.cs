namespace FaceCloud.Contracts;

/// <summary>Names of the queues, one a consumer; public, since operators see them in the broker.</summary>
public static class Queues
{
    /// <summary>Ingestion: photos that anyone sends by the queue. An exchange of the same name takes them.</summary>
    public const string EnrollPhoto = "enroll-photo";

    /// <summary>Ingestion workers: photo to aligned crop.</summary>
    public const string CropFaces = "crop-faces";

    /// <summary>Encoder workers: aligned crop to embedding.</summary>
    public const string EncodeFace = "encode-face";

    /// <summary>Gallery: embedding to stored face.</summary>
    public const string FaceEncoded = "face-encoded";

    /// <summary>Ingestion: outcome to job progress.</summary>
    public const string EnrolmentOutcome = "enrolment-outcome";

    /// <summary>Ingestion: what failed for good anywhere on the way, to a Failed outcome.</summary>
    public const string EnrolmentFault = "enrolment-fault";

    /// <summary>Put behind a queue's name: what its consumer could not do for good, or could not read.</summary>
    public static readonly string ErrorSuffix = "_error";

    /// <summary>Put behind a queue's name: messages of a kind that its consumer does not know.</summary>
    public static readonly string SkippedSuffix = "_skipped";
}
