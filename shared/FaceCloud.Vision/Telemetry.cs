using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FaceCloud.Vision;

/// <summary>Names of what is measured here: the stages of a photo's analysis, each a span and an entry of one histogram.</summary>
public static class Telemetry
{
    public const string Name = "FaceCloud.Vision";
    public const string StageMetric = "facecloud.vision.stage.duration";
    public const string StageTag = "facecloud.vision.stage";
    public const string FacesTag = "facecloud.faces";

    public const string Decode = "decode";
    public const string Detect = "detect";
    public const string Align = "align";
    public const string Quality = "quality";

    private static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Stages = Meter.CreateHistogram(
        StageMetric,
        "s",
        "Time of one stage of a photo's analysis.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    internal static Activity? Start(string stage) => Source.StartActivity(stage);

    internal static void Record(string stage, TimeSpan duration) => Stages.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(StageTag, stage));
}
