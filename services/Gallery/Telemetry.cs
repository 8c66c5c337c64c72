using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaceCloud.Contracts;
using FaceCloud.Gallery.Decisions;

namespace FaceCloud.Gallery;

/// <summary>Names and instruments of this service.</summary>
internal static class Telemetry
{
    public const string Name = "FaceCloud.Gallery";
    public const string SearchSpan = "search";
    public const string StoreSpan = "store faces";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Decisions =
        Meter.CreateCounter<long>("facecloud.gallery.decisions", "{decision}", "Verifications, and faces identified, by outcome.");

    private static readonly Counter<long> Enrolments =
        Meter.CreateCounter<long>("facecloud.gallery.enrolments", "{photo}", "Interactive and queued enrolments by outcome.");

    private static readonly Histogram<double> SearchTime =
        Meter.CreateHistogram<double>("facecloud.gallery.search.duration", "s", "Time of one index search.");

    private static readonly Counter<long> FacesScanned =
        Meter.CreateCounter<long>("facecloud.gallery.search.faces", "{face}", "Enrolled faces compared with probes by the index.");

    private static readonly Counter<long> Frames =
        Meter.CreateCounter<long>("facecloud.gallery.frames", "{frame}", "Frames of streams: answered, skipped for a newer one, or failed.");

    public static void CountDecision(VerificationOutcome outcome) => CountDecision("verify", outcome.ToString());

    /// <summary>Of one photo; without a face it is one decision all the same.</summary>
    public static void CountDecisions(IEnumerable<IdentificationOutcome> outcomes)
    {
        foreach (var outcome in outcomes.DefaultIfEmpty(IdentificationOutcome.NoFace))
        {
            CountDecision("identify", outcome.ToString());
        }
    }

    public static void CountEnrolment(EnrolOutcome outcome) =>
        Enrolments.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    public static void CountFrame(string result) => Frames.Add(1, new KeyValuePair<string, object?>("result", result));

    public static void RecordSearch(Activity? activity, TimeSpan duration, long faces, int probes)
    {
        activity?.SetTag("facecloud.faces", faces).SetTag("facecloud.probes", probes);
        SearchTime.Record(duration.TotalSeconds);
        FacesScanned.Add(faces * probes);
    }

    private static void CountDecision(string kind, string outcome) =>
        Decisions.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));
}
