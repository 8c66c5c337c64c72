namespace FaceCloud.Contracts;

/// <summary>Names of the queues, one a consumer; public, since operators see them in the broker.</summary>
public static class Queues
{
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
}
