namespace FaceCloud.Contracts.Commands;

/// <summary>
/// Enrol one photo. Anyone may send it to the exchange <c>enroll-photo</c>, as plain JSON or in MassTransit's envelope
/// (shared/docs/enrol-by-queue.md); done by Ingestion, which makes an item of a job of it and answers with <see cref="Events.EnrolmentOutcome"/>.
/// No field is demanded by the type: what is missing is answered with a reason, not thrown away.
/// </summary>
public sealed record EnrollPhoto
{
    /// <summary>The only version there is.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Of this message's shape; a server that does not know it refuses the message. New optional fields do not raise it.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Where the face goes. Must be given.</summary>
    public string? GalleryId { get; init; }

    /// <summary>1..128 printable characters. Must be given.</summary>
    public string? PersonId { get; init; }

    /// <summary>For a person that is created by this; at most 256 characters.</summary>
    public string? PersonName { get; init; }

    /// <summary>An open job of the same gallery; none: the gallery's standing job, <c>queue-</c> and the gallery's id.</summary>
    public string? JobId { get; init; }

    /// <summary>The sender's own word for the photo, at most 1024 characters; comes back in the outcome.</summary>
    public string? Source { get; init; }

    /// <summary>The photo by reference: a path below Ingestion:ImportDirectory, parted by "/". Either this or <see cref="Photo"/>.</summary>
    public string? PhotoPath { get; init; }

    /// <summary>The photo's bytes (base64 in JSON), at most Ingestion:InlinePhotoBytes; for senders that share no folder with Ingestion.</summary>
    public byte[]? Photo { get; init; }
}
