using FaceCloud.Contracts;

namespace FaceCloud.Ingestion.Store;

/// <summary>
/// A bulk enrolment. Its counts change in the transaction that changes the items, under the job's lock,
/// so that they add up at every moment without counting items.
/// </summary>
public sealed class EnrolmentJob
{
    private static readonly TimeSpan RateMemory = TimeSpan.FromMinutes(1);

    public required string TenantId { get; init; }

    public required string JobId { get; init; }

    public required string GalleryId { get; init; }

    /// <summary>0..1; null: the worker's own gate.</summary>
    public float? MinQuality { get; init; }

    public required int MaxFaces { get; init; }

    public required OnDuplicate OnDuplicate { get; init; }

    public required JobPriority Priority { get; init; }

    public JobState State { get; private set; } = JobState.Open;

    /// <summary>Takes photos but sends none on.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Rises by one with every change.</summary>
    public long Version { get; private set; } = 1;

    public long Pending { get; private set; }

    public long Enrolled { get; private set; }

    public long Duplicate { get; private set; }

    public long RejectedQuality { get; private set; }

    public long NoFace { get; private set; }

    public long Failed { get; private set; }

    public long Cancelled { get; private set; }

    /// <summary>How often each reason stands in an outcome, by its wire name.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; private set; } = new Dictionary<string, long>();

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? FirstPhotoAt { get; private set; }

    public DateTimeOffset? LastOutcomeAt { get; private set; }

    /// <summary>Outcomes a second of late, as it stood at the last outcome and not yet corrected for a young <see cref="RateSince"/>.</summary>
    public double Rate { get; private set; }

    /// <summary>Since when the rate is taken: the first photo, or the last resume or retry.</summary>
    public DateTimeOffset? RateSince { get; private set; }

    public long Finished => Enrolled + Duplicate + RejectedQuality + NoFace + Failed + Cancelled;

    public long Accepted => Pending + Finished;

    /// <summary>Completed or cancelled.</summary>
    public bool HasEnded => State is JobState.Completed or JobState.Cancelled;

    /// <summary>One more photo is on the way.</summary>
    public void CountAccepted(DateTimeOffset now)
    {
        Pending++;
        FirstPhotoAt ??= now;
        RateSince ??= now;
        Touch(now);
    }

    /// <summary>One photo has its outcome.</summary>
    public void CountOutcome(EnrolmentItem item, DateTimeOffset now)
    {
        Pending--;
        Rate = (Rate * Decay(LastOutcomeAt, now)) + (1 / RateMemory.TotalSeconds);
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
            case EnrolOutcome.Cancelled:
                Cancelled++;
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

    /// <summary>Sends no more photos on. False when that was so already.</summary>
    public bool Pause(DateTimeOffset now)
    {
        if (IsPaused || HasEnded)
        {
            return false;
        }

        IsPaused = true;
        Touch(now);
        return true;
    }

    /// <summary>Sends photos on again. False when it was not paused.</summary>
    public bool Resume(DateTimeOffset now)
    {
        if (!IsPaused)
        {
            return false;
        }

        IsPaused = false;
        RestartRate(now);
        Touch(now);
        return true;
    }

    /// <summary>Ends it; every item that was pending is counted as cancelled.</summary>
    public void Cancel(DateTimeOffset now)
    {
        State = JobState.Cancelled;
        IsPaused = false;
        (Cancelled, Pending) = (Cancelled + Pending, 0);
        Touch(now);
    }

    /// <summary>Failed items are on the way again; a completed job is closed again until they have their outcomes.</summary>
    /// <param name="retried">How often each set of reason words stood in an outcome that is taken back.</param>
    /// <param name="now">The store's clock.</param>
    public void Retry(IReadOnlyCollection<(IReadOnlyList<string> Words, long Count)> retried, DateTimeOffset now)
    {
        var reasons = new Dictionary<string, long>(Reasons);
        foreach (var (words, count) in retried)
        {
            (Failed, Pending) = (Failed - count, Pending + count);
            foreach (var word in words)
            {
                reasons[word] -= count;
                if (reasons[word] == 0)
                {
                    reasons.Remove(word);
                }
            }
        }

        Reasons = reasons;
        if (State == JobState.Completed)
        {
            State = JobState.Closed;
        }

        RestartRate(now);
        Touch(now);
    }

    /// <summary>
    /// Outcomes a second of late: each counts less the longer ago it is (to 1/e after a minute). 0 when there were none since the first
    /// photo or the last resume.
    /// </summary>
    public double RecentItemsPerSecond(DateTimeOffset now)
    {
        if (Rate == 0 || RateSince is not { } since || LastOutcomeAt is not { } last || HasEnded)
        {
            return 0;
        }

        // A memory that began a second ago has seen a sixtieth of what it will; without this every job would begin slowly.
        var seen = 1 - Decay(since, now);
        return seen > 0 ? Rate * Decay(last, now) / seen : 0;
    }

    /// <summary>How long the photos on the way will take at the rate of late; null when nobody can say.</summary>
    public TimeSpan? RemainingTime(DateTimeOffset now)
    {
        // Beyond this it is no estimate any more, and a TimeSpan has its limit too.
        const double longest = 365 * 24 * 3600;
        var rate = RecentItemsPerSecond(now);
        return !IsPaused && Pending > 0 && rate > 0 && Pending / rate < longest ? TimeSpan.FromSeconds(Pending / rate) : null;
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
            IsPaused = false;
        }
    }

    private static double Decay(DateTimeOffset? since, DateTimeOffset now) =>
        since is { } start && now > start ? Math.Exp(-(now - start) / RateMemory) : 1;

    private void RestartRate(DateTimeOffset now) => (Rate, RateSince) = (0, now);

    private void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}
