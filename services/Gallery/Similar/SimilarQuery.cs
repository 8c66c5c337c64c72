using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Similar;

/// <summary>Who else of the gallery looks like this enrolled face, or person?</summary>
public sealed record SimilarQuery
{
    public required GalleryKey Gallery { get; init; }

    /// <summary>Null: all faces of <see cref="PersonId"/>.</summary>
    public Guid? FaceId { get; init; }

    public string? PersonId { get; init; }

    /// <summary>1..100.</summary>
    public required int MaxResults { get; init; }

    /// <summary>Empty: the nearest, whatever they score.</summary>
    public ThresholdWish Wish { get; init; }

    /// <summary>The own other faces of <see cref="FaceId"/>'s person too.</summary>
    public bool OwnPerson { get; init; }
}
