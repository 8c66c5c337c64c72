using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaceCloud.Contracts;
using FaceCloud.Gallery.Decisions;
using FaceCloud.ServiceDefaults;

namespace FaceCloud.Gallery;

/// <summary>Names and instruments of this service. The size of the index is counted in <see cref="Index.IndexMeasures"/>.</summary>
internal static class Telemetry
{
    public const string Name = "FaceCloud.Gallery";

    /// <summary>One search of the index.</summary>
    public const string SearchSpan = "search";

    /// <summary>From what was found to the answer.</summary>
    public const string DecisionSpan = "decision";

    /// <summary>A face being written to store and index, in the face's trace; and the transaction that it shares with others.</summary>
    public const string UpsertSpan = "upsert";

    public const string UpsertBatchSpan = "upsert batch";

    /// <summary>The index's part of a write.</summary>
    public const string IndexSpan = "index";

    public const string OutcomeTag = "facecloud.outcome";
    public const string KindTag = "facecloud.decision.kind";
    public const string FacesTag = "facecloud.faces";
    public const string ProbesTag = "facecloud.probes";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Decisions =
        Meter.CreateCounter<long>("facecloud.gallery.decisions", "{decision}", "Verifications, and faces identified, by outcome.");

    private static readonly Counter<long> Enrolments =
        Meter.CreateCounter<long>("facecloud.gallery.enrolments", "{photo}", "Interactive and queued enrolments by outcome.");

    private static readonly Counter<long> Rejections =
        Meter.CreateCounter<long>("facecloud.gallery.rejections", "{reason}", "Reasons why faces of calls were not fit.");

    private static readonly Histogram<double> SearchTime = Histogram("facecloud.gallery.search.duration", "Time of one index search.");

    private static readonly Histogram<double> UpsertTime =
        Histogram("facecloud.gallery.upsert.duration", "Time of one write of faces to store and index, the wait for the gallery's other writers included.");

    private static readonly Counter<long> FacesScanned =
        Meter.CreateCounter<long>("facecloud.gallery.search.faces", "{face}", "Enrolled faces compared with probes by the index.");

    public static void CountDecision(VerificationOutcome outcome) => CountDecision("verify", Words.Of(outcome));

    /// <summary>Of one photo; without a face it is one decision all the same.</summary>
    public static void CountDecisions(IEnumerable<IdentificationOutcome> outcomes)
    {
        foreach (var outcome in outcomes.DefaultIfEmpty(IdentificationOutcome.NoFace))
        {
            CountDecision("identify", Words.Of(outcome));
        }
    }

    public static void CountEnrolment(EnrolOutcome outcome) =>
        Enrolments.Add(1, new KeyValuePair<string, object?>(OutcomeTag, Words.Of(outcome)));

    /// <summary>Why a face that somebody waits for was not fit.</summary>
    public static void CountRejections(IEnumerable<QualityReason> reasons)
    {
        foreach (var reason in reasons)
        {
            Rejections.Add(1, new KeyValuePair<string, object?>("facecloud.reason", Words.Of(reason).ToUpperInvariant()));
        }
    }

    /// <summary>Ends the search's span.</summary>
    public static void RecordSearch(Activity? activity, TimeSpan duration, long faces, int probes)
    {
        activity?.SetTag(FacesTag, faces).SetTag(ProbesTag, probes).Stop();
        SearchTime.Record(duration.TotalSeconds);
        FacesScanned.Add(faces * probes);
    }

    public static void RecordUpsert(TimeSpan duration) => UpsertTime.Record(duration.TotalSeconds);

    /// <summary>What was decided, on what threshold and why that one; no score, which is of a person.</summary>
    public static void Describe(Activity? decision, string kind, IEnumerable<string> outcomes, Threshold threshold) =>
        decision?
            .SetTag(KindTag, kind)
            .SetTag(OutcomeTag, string.Join(',', outcomes.Distinct()))
            .SetTag("facecloud.threshold", threshold.Value)
            .SetTag("facecloud.threshold.source", Words.Of(threshold.Source));

    private static void CountDecision(string kind, string outcome) =>
        Decisions.Add(1, new KeyValuePair<string, object?>(KindTag, kind), new KeyValuePair<string, object?>(OutcomeTag, outcome));

    private static Histogram<double> Histogram(string name, string description) => Meter.CreateHistogram(
        name,
        "s",
        description,
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });
}
