namespace FaceCloud.Gallery.Store;

/// <summary>
/// When an enrolment began; a deletion since then wins over it. A bulk item brings a clock time, since days may lie between.
/// An interactive call remembers the deletions it saw when it began, which needs no clock at all.
/// </summary>
public sealed record Acceptance
{
    private readonly DateTimeOffset? _at;
    private readonly DateTimeOffset? _galleryDeletion;
    private readonly DateTimeOffset? _personDeletion;

    private Acceptance(DateTimeOffset? at, DateTimeOffset? galleryDeletion, DateTimeOffset? personDeletion)
    {
        _at = at;
        _galleryDeletion = galleryDeletion;
        _personDeletion = personDeletion;
    }

    public static Acceptance At(DateTimeOffset acceptedAt) => new(acceptedAt, null, null);

    /// <summary>The last deletions known when the call began; null: none.</summary>
    public static Acceptance Seen(DateTimeOffset? galleryDeletion, DateTimeOffset? personDeletion) => new(null, galleryDeletion, personDeletion);

    public bool GalleryDeletedSince(DateTimeOffset? deletion) => _at is { } at ? deletion >= at : deletion is not null && deletion != _galleryDeletion;

    public bool PersonDeletedSince(DateTimeOffset? deletion) => _at is { } at ? deletion >= at : deletion is not null && deletion != _personDeletion;

    /// <summary>Always false for an interactive call: it may be taken as coming after the deletion.</summary>
    public bool FaceDeletedSince(DateTimeOffset? deletion) => _at is { } at && deletion >= at;
}
