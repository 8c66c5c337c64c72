using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Client;

/// <summary>What the photos of a job must be like.</summary>
public sealed record JobOptions
{
    /// <summary>Chosen by the caller (1..64 of a-z 0-9 . _ -), so that a repeated start answers the same job; default: a new UUID.</summary>
    public string? JobId { get; init; }

    /// <summary>Faces that a photo may show; default 1. The largest is enrolled.</summary>
    public int? MaxFaces { get; init; }

    /// <summary>0..1; default: the server's gate.</summary>
    public float? MinQuality { get; init; }

    /// <summary>A person who has faces that this job did not enrol; default: the photo is one more face of theirs.</summary>
    public OnDuplicate OnDuplicate { get; init; }

    /// <summary>While a job has photos on the way, those of jobs of a lower priority wait; default: normal.</summary>
    public JobPriority Priority { get; init; }
}
