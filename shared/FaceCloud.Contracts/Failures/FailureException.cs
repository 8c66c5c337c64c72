namespace FaceCloud.Contracts.Failures;

/// <summary>
/// A failure that the caller can understand: a reason for programs and a sentence for people.
/// At a service's edge it becomes a gRPC status with ErrorInfo; in a job it becomes an item's outcome.
/// The sentence must not contain photo content, embeddings or secrets.
/// </summary>
public sealed class FailureException : Exception
{
    /// <summary>Where the reason's wire name stands in <see cref="Exception.Data"/>, which travels with a fault over the queue.</summary>
    public const string ReasonKey = "facecloud-reason";

    public FailureException(FailureReason reason, string message)
        : base(message) => (Reason, Data[ReasonKey]) = (reason, reason.ToWire());

    public FailureException(FailureReason reason, string message, Exception inner)
        : base(message, inner) => (Reason, Data[ReasonKey]) = (reason, reason.ToWire());

    public FailureReason Reason { get; }
}
