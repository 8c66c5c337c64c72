using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.ServiceDefaults;

namespace FaceCloud.Ingestion;

/// <summary>Names and instruments of this service. Jobs and items by state are counted in <see cref="Enrolment.JobMeasures"/>.</summary>
internal static class Telemetry
{
    public const string Name = "FaceCloud.Ingestion";

    /// <summary>The root of one photo's trace where many come in one call; linked to the call.</summary>
    public const string PhotoSpan = "photo of a stream";

    /// <summary>From the photo's arrival to the broker's confirm of its command.</summary>
    public const string UploadSpan = "upload";

    /// <summary>An item's outcome being booked, in the item's trace; and the transaction that it shares with others.</summary>
    public const string OutcomeSpan = "outcome";

    public const string OutcomeBatchSpan = "outcome batch";

    public const string JobTag = "facecloud.job.id";
    public const string ItemTag = "facecloud.item.id";
    public const string BytesTag = "facecloud.photo.size";
    public const string OutcomeTag = "facecloud.outcome";
    public const string ReasonTag = "facecloud.reason";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Accepted =
        Meter.CreateCounter<long>("facecloud.ingestion.photos.accepted", "{photo}", "Photos acknowledged as items.");

    private static readonly Counter<long> Items =
        Meter.CreateCounter<long>("facecloud.ingestion.items", "{item}", "Items by outcome.");

    private static readonly Counter<long> Rejections =
        Meter.CreateCounter<long>("facecloud.ingestion.rejections", "{reason}", "Reasons in outcomes of photos that were not enrolled.");

    private static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("facecloud.ingestion.photos.refused", "{photo}", "Photos that came by the queue and could not become items, by reason.");

    private static readonly Counter<long> Overdue =
        Meter.CreateCounter<long>("facecloud.ingestion.items.overdue", "{item}", "Items whose command was published again.");

    private static readonly Histogram<double> Stages = Meter.CreateHistogram(
        "facecloud.ingestion.stage.duration",
        "s",
        "Time a photo spent in a stage.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    /// <summary>A trace of its own for one photo of a stream: a hundred thousand of them in the call's trace could not be read.</summary>
    public static Activity? StartPhoto(ActivityContext call)
    {
        Activity.Current = null;
        return Source.StartActivity(PhotoSpan, ActivityKind.Internal, default(ActivityContext), links: call == default ? [] : [new ActivityLink(call)]);
    }

    public static void CountAccepted() => Accepted.Add(1);

    /// <param name="outcome">Of one item.</param>
    /// <param name="reasons">As users read them: LOW_SHARPNESS.</param>
    public static void CountOutcome(EnrolOutcome outcome, IEnumerable<string> reasons)
    {
        Items.Add(1, new KeyValuePair<string, object?>(OutcomeTag, Words.Of(outcome)));
        foreach (var reason in reasons)
        {
            Rejections.Add(1, new KeyValuePair<string, object?>(ReasonTag, reason));
        }
    }

    public static void CountCancelled(int items) =>
        Items.Add(items, new KeyValuePair<string, object?>(OutcomeTag, Words.Of(EnrolOutcome.Cancelled)));

    public static void CountRefused(FailureReason reason) => Refused.Add(1, new KeyValuePair<string, object?>(ReasonTag, reason.ToWire()));

    public static void CountOverdue(int items) => Overdue.Add(items);

    public static void RecordStage(string stage, TimeSpan duration) =>
        Stages.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("facecloud.ingestion.stage", stage));
}
