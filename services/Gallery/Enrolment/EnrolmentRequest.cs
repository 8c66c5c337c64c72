using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Enrolment;

/// <summary>One photo for one person, by an interactive call.</summary>
public sealed record EnrolmentRequest
{
    public required GalleryKey Gallery { get; init; }

    public required string PersonId { get; init; }

    /// <summary>For a person that this creates.</summary>
    public string PersonName { get; init; } = "";

    public required ReadOnlyMemory<byte> Photo { get; init; }

    /// <summary>Faces the photo may show; the largest is enrolled.</summary>
    public int MaxFaces { get; init; } = 1;

    /// <summary>0..1; null: the gallery's, else the server's.</summary>
    public float? MinQuality { get; init; }
}
