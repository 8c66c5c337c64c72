namespace FaceCloud.Contracts;

/// <summary>Whose face is enrolled where, and for which item of which job; travels unchanged through every step.</summary>
public sealed record EnrolmentTarget
{
    public required string TenantId { get; init; }

    public required string JobId { get; init; }

    public required Guid ItemId { get; init; }

    public required string GalleryId { get; init; }

    public required string PersonId { get; init; }

    /// <summary>Name for a person that this enrolment creates; empty: none.</summary>
    public string PersonName { get; init; } = "";

    /// <summary>Where the photo came from, in the sender's words; empty: not said. Comes back in the outcome.</summary>
    public string Source { get; init; } = "";

    /// <summary>SHA-256 of the photo's bytes, lower-case hex; part of the face's id.</summary>
    public required string PhotoSha256 { get; init; }

    /// <summary>Which face of the photo, largest first, from 0.</summary>
    public int FaceOrdinal { get; init; }

    /// <summary>
    /// When the photo was accepted. A person or gallery deleted after that is not brought back by it.
    /// </summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>What to do with a person who has faces that this job did not enrol.</summary>
    public OnDuplicate OnDuplicate { get; init; } = OnDuplicate.Enrol;

    /// <summary>How often the item was retried before; an outcome of an earlier attempt changes nothing any more.</summary>
    public int Attempt { get; init; }
}
