namespace FaceCloud.Gallery.Store;

/// <summary>
/// Remembers that a gallery, person or face was deleted, so that an enrolment accepted before does not bring it back.
/// An empty person means the whole gallery, an empty face id the whole person.
/// </summary>
public sealed class DeletionRow
{
    public required string TenantId { get; init; }

    public required string GalleryId { get; init; }

    public required string PersonId { get; init; }

    public required Guid FaceId { get; init; }

    /// <summary>Only ever rises, so that it also tells one deletion from the next.</summary>
    public DateTimeOffset DeletedAt { get; set; }
}
