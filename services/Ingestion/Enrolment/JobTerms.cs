using FaceCloud.Contracts;
using FaceCloud.Ingestion.Store;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>What a job was opened with; it stays so.</summary>
public sealed record JobTerms
{
    public required string GalleryId { get; init; }

    /// <summary>0..1; null: the worker's own gate.</summary>
    public float? MinQuality { get; init; }

    /// <summary>Faces that a photo may show; the largest is enrolled.</summary>
    public int MaxFaces { get; init; } = 1;

    public OnDuplicate OnDuplicate { get; init; } = OnDuplicate.Enrol;

    public JobPriority Priority { get; init; } = JobPriority.Normal;

    public static JobTerms Of(EnrolmentJob job) => new()
    {
        GalleryId = job.GalleryId,
        MinQuality = job.MinQuality,
        MaxFaces = job.MaxFaces,
        OnDuplicate = job.OnDuplicate,
        Priority = job.Priority,
    };
}
