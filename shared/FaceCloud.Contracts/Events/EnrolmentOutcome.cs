namespace FaceCloud.Contracts.Events;

/// <summary>
/// The one outcome of one acknowledged photo. Published by whoever ends its way (Ingestion worker, Encoder or Gallery);
/// Ingestion books it on the job. A second one for the same item changes nothing.
/// A photo sent by <see cref="Commands.EnrollPhoto"/> that cannot become an item is answered by one whose target has no item id.
/// </summary>
public sealed record EnrolmentOutcome
{
    public required EnrolmentTarget Target { get; init; }

    public required EnrolOutcome Outcome { get; init; }

    /// <summary>Set when enrolled or duplicate.</summary>
    public Guid? FaceId { get; init; }

    public IReadOnlyList<QualityReason> Reasons { get; init; } = [];

    /// <summary>Wire name of a FailureReason; failed items only.</summary>
    public string? ErrorReason { get; init; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }
}
