using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaceCloud.Contracts;

namespace FaceCloud.Ingestion;

/// <summary>Names and instruments of this service.</summary>
internal static class Telemetry
{
    public const string Name = "FaceCloud.Ingestion";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Accepted =
        Meter.CreateCounter<long>("facecloud.ingestion.photos.accepted", "{photo}", "Photos acknowledged as items.");

    private static readonly Counter<long> Items =
        Meter.CreateCounter<long>("facecloud.ingestion.items", "{item}", "Items by outcome.");

    private static readonly Counter<long> Overdue =
        Meter.CreateCounter<long>("facecloud.ingestion.items.overdue", "{item}", "Items whose command was published again.");

    private static readonly Histogram<double> Stages =
        Meter.CreateHistogram<double>("facecloud.ingestion.stage.duration", "s", "Time a photo spent in a stage.");

    public static void CountAccepted() => Accepted.Add(1);

    public static void CountOutcome(EnrolOutcome outcome) => Items.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    public static void CountOverdue(int items) => Overdue.Add(items);

    public static void RecordStage(string stage, TimeSpan duration) =>
        Stages.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));
}
