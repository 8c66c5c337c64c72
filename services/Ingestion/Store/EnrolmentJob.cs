using FaceCloud.Contracts;

namespace FaceCloud.Ingestion.Store;

/// <summary>
/// A bulk enrolment. Its counts change in the transaction that changes the items, under the job's lock,
/// so that they add up at every moment without counting items.
/// </summary>
public sealed class EnrolmentJob
{
    public required string TenantId { get; init; }

    public required string JobId { get; init; }

    public required string GalleryId { get; init; }

    /// <summary>0..1; null: the worker's own gate.</summary>
    public float? MinQuality { get; init; }

    public required int MaxFaces { get; init; }

    public JobState State { get; private set; } = JobState.Open;

    /// <summary>Rises by one with every change.</summary>
    public long Version { get; private set; } = 1;

    public long Pending { get; private set; }

    public long Enrolled { get; private set; }

    public long Duplicate { get; private set; }

    public long RejectedQuality { get; private set; }

    public long NoFace { get; private set; }

    public long Failed { get; private set; }

    /// <summary>How often each reason stands in an outcome, by its wire name.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; private set; } = new Dictionary<string, long>();

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? FirstPhotoAt { get; private set; }

    public DateTimeOffset? LastOutcomeAt { get; private set; }

    public long Finished => Enrolled + Duplicate + RejectedQuality + NoFace + Failed;

    public long Accepted => Pending + Finished;

    /// <summary>One more photo is on the way.</summary>
    public void CountAccepted(DateTimeOffset now)
    {
        Pending++;
        FirstPhotoAt ??= now;
        Touch(now);
    }

    /// <summary>One photo has its outcome.</summary>
    public void CountOutcome(EnrolmentItem item, DateTimeOffset now)
    {
        Pending--;
        switch (item.Outcome)
        {
            case EnrolOutcome.Enrolled:
                Enrolled++;
                break;
            case EnrolOutcome.Duplicate:
                Duplicate++;
                break;
            case EnrolOutcome.RejectedQuality:
                RejectedQuality++;
                break;
            case EnrolOutcome.NoFace:
                NoFace++;
                break;
            case EnrolOutcome.Failed:
                Failed++;
                break;
            default:
                throw new InvalidOperationException($"Item {item.ItemId} is counted before it has an outcome.");
        }

        var reasons = new Dictionary<string, long>(Reasons);
        foreach (var reason in item.ReasonWords())
        {
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        }

        Reasons = reasons;
        LastOutcomeAt = now;
        Touch(now);
        CompleteWhenDone();
    }

    /// <summary>Takes no more photos. False when that was so already.</summary>
    public bool Close(DateTimeOffset now)
    {
        if (State != JobState.Open)
        {
            return false;
        }

        State = JobState.Closed;
        Touch(now);
        CompleteWhenDone();
        return true;
    }

    /// <summary>Outcomes a second, from the first photo until the last outcome, or until now while photos are on the way.</summary>
    public double ItemsPerSecond(DateTimeOffset now)
    {
        if (FirstPhotoAt is not { } first || LastOutcomeAt is not { } last)
        {
            return 0;
        }

        var seconds = ((Pending > 0 ? now : last) - first).TotalSeconds;
        return seconds > 0 ? Finished / seconds : 0;
    }

    private void CompleteWhenDone()
    {
        if (State == JobState.Closed && Pending == 0)
        {
            State = JobState.Completed;
        }
    }

    private void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}
