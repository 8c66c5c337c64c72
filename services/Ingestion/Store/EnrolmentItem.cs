using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;

namespace FaceCloud.Ingestion.Store;

/// <summary>One acknowledged photo of a job, and what became of it.</summary>
public sealed class EnrolmentItem
{
    public const int MaxMessageLength = 1024;

    public required string TenantId { get; init; }

    public required string JobId { get; init; }

    /// <summary>Follows from tenant, job, person and photo (<see cref="FaceIds.Item"/>).</summary>
    public required Guid ItemId { get; init; }

    public required string PersonId { get; init; }

    /// <summary>For a person that this photo creates; empty: none.</summary>
    public required string PersonName { get; init; }

    /// <summary>Where the photo came from, in the caller's words.</summary>
    public required string Source { get; init; }

    /// <summary>Lower-case hex.</summary>
    public required string PhotoSha256 { get; init; }

    /// <summary>Null while the photo is on the way.</summary>
    public EnrolOutcome? Outcome { get; private set; }

    public IReadOnlyList<QualityReason> Reasons { get; private set; } = [];

    /// <summary>Wire name of a failure reason; failed items only.</summary>
    public string? ErrorReason { get; private set; }

    public string? Message { get; private set; }

    public Guid? FaceId { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Without an outcome by then, the command is published again.</summary>
    public required DateTimeOffset OverdueAt { get; set; }

    /// <summary>How often it was overdue.</summary>
    public int OverdueCount { get; set; }

    /// <summary>Its command waits until the job may send: the job is paused, or one of a higher priority has photos on the way.</summary>
    public required bool IsHeld { get; set; }

    /// <summary>How often it was retried.</summary>
    public int Attempt { get; private set; }

    /// <summary>When somebody asked for it again; what was deleted before that does not stand against it.</summary>
    public DateTimeOffset? RetriedAt { get; private set; }

    /// <summary>Its photo stays for a retry, until the sweep finds it too old.</summary>
    public bool KeepsPhoto => Outcome is null || (Outcome == EnrolOutcome.Failed && FailureHealing.MayHeal(ErrorReason));

    /// <summary>
    /// Writes the outcome down. False when there is one already, for the first one counts, or when it is of an attempt before the last.
    /// </summary>
    public bool Finish(EnrolmentOutcome outcome, DateTimeOffset now)
    {
        if (Outcome is not null || outcome.Target.Attempt != Attempt)
        {
            return false;
        }

        Outcome = outcome.Outcome;
        Reasons = [.. outcome.Reasons];
        ErrorReason = outcome.ErrorReason;
        Message = outcome.Message is { Length: > MaxMessageLength } message ? message[..MaxMessageLength] : outcome.Message;
        FaceId = outcome.FaceId;
        FinishedAt = now;
        IsHeld = false;
        return true;
    }

    /// <summary>Every reason that stands in the outcome, as users read it: LOW_SHARPNESS, PHOTO_DAMAGED, ...</summary>
    public IEnumerable<string> ReasonWords()
    {
        var words = Reasons.Select(QualityReasons.ToWire);
        return ErrorReason is null ? words : words.Append(ErrorReason);
    }
}
