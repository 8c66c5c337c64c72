using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Cli.Manifests;

/// <summary>What became of the rows of a manifest.</summary>
internal sealed record ManifestReport
{
    public required string Manifest { get; init; }

    public required bool GalleryCreated { get; init; }

    public required Job Job { get; init; }

    /// <summary>Lines that held a row, or should have.</summary>
    public required long Rows { get; init; }

    public required RejectedRows Rejected { get; init; }

    /// <summary>The first items that were not enrolled.</summary>
    public required IReadOnlyList<Item> NotEnrolled { get; init; }

    /// <summary>From the first photo sent to the last outcome.</summary>
    public required TimeSpan Elapsed { get; init; }

    public long NotEnrolledCount => Job.Counts.RejectedQuality + Job.Counts.NoFace + Job.Counts.Failed + Job.Counts.Cancelled;

    public double PhotosPerSecond => Job.Counts.Accepted / Math.Max(Elapsed.TotalSeconds, 1e-9);
}
