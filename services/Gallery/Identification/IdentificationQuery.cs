using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Identification;

/// <summary>Who of the gallery is this, or nobody?</summary>
public sealed record IdentificationQuery
{
    public required GalleryKey Gallery { get; init; }

    public required ProbeInput Probe { get; init; }

    /// <summary>Every face of the photo, not only the largest.</summary>
    public bool AllFaces { get; init; }

    /// <summary>1..100 persons listed a face.</summary>
    public required int MaxCandidates { get; init; }

    public ThresholdWish Wish { get; init; }

    public bool IncludeBelowThreshold { get; init; }
}
