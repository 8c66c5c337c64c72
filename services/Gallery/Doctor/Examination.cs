using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Doctor;

/// <summary>What of a gallery is to be examined.</summary>
public sealed record Examination
{
    public required GalleryKey Gallery { get; init; }

    /// <summary>Null: the server's.</summary>
    public int? MaxFaces { get; init; }

    /// <summary>Listed of each kind.</summary>
    public required int MaxFindings { get; init; }

    /// <summary>Cosine in place of Verify's.</summary>
    public float? MatchThreshold { get; init; }

    /// <summary>Cosine in place of Identify's.</summary>
    public float? NameThreshold { get; init; }
}
