using FaceCloud.Gallery.Probes;

namespace FaceCloud.Gallery.Grouping;

/// <summary>Where a face came from: an item of the call, or the gallery.</summary>
public sealed record FaceSource
{
    /// <summary>Empty for an enrolled face.</summary>
    public string ItemId { get; init; } = "";

    /// <summary>Of the photo's faces, largest first.</summary>
    public int Index { get; init; }

    /// <summary>Null for an enrolled face, and for a photo that shows none.</summary>
    public ProbeFace? Face { get; init; }

    /// <summary>Of the item; null for an enrolled face.</summary>
    public ProbeReading? Reading { get; init; }

    public Guid? FaceId { get; init; }

    public string PersonId { get; init; } = "";
}
