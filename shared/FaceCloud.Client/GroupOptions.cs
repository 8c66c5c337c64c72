namespace FaceCloud.Client;

/// <summary>Which faces are put into groups, and how alike those of a group must be. Of the threshold and the rate at most one may be set.</summary>
public sealed record GroupOptions
{
    /// <summary>Needed with <see cref="EnrolledFaces"/>.</summary>
    public string? GalleryId { get; init; }

    /// <summary>All enrolled faces of the gallery too.</summary>
    public bool EnrolledFaces { get; init; }

    /// <summary>Every face of a photo, not only the largest.</summary>
    public bool AllFaces { get; init; }

    /// <summary>Mean cosine from which on two groups are one, -1..1.</summary>
    public float? Threshold { get; init; }

    /// <summary>Rate of single comparisons whose cosine is the threshold, (0, 1).</summary>
    public double? MaxFalseAcceptRate { get; init; }
}
