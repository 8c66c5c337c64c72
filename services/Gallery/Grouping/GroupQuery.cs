using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Grouping;

/// <summary>Which faces are to be put into groups.</summary>
public sealed record GroupQuery
{
    /// <summary>Null: no gallery is looked at.</summary>
    public GalleryKey? Gallery { get; init; }

    /// <summary>Ids are the caller's and need not be unique.</summary>
    public required IReadOnlyList<(string Id, ProbeInput Input)> Items { get; init; }

    /// <summary>All enrolled faces of the gallery too.</summary>
    public bool EnrolledFaces { get; init; }

    /// <summary>Every face of each photo, not only the largest.</summary>
    public bool AllFaces { get; init; }

    /// <summary>Cosine, or false accepts per comparison.</summary>
    public ThresholdWish Wish { get; init; }
}
