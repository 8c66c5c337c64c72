using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Client;

/// <summary>Which items of a job are wanted; what is not set does not count.</summary>
public sealed record ItemFilter
{
    public EnrolOutcome Outcome { get; init; }

    public ItemState State { get; init; }

    /// <summary>Only items that failed of this, for example INTERNAL.</summary>
    public string ErrorReason { get; init; } = "";

    public string PersonId { get; init; } = "";
}
