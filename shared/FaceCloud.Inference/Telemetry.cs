using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FaceCloud.Inference;

/// <summary>Names of what is measured here; operators build dashboards on them.</summary>
public static class Telemetry
{
    public const string Name = "FaceCloud.Inference";

    /// <summary>One a call of the encoder.</summary>
    public const string EncodeSpan = "encode faces";

    /// <summary>One a run of the network.</summary>
    public const string BatchSpan = "encode batch";

    public const string CropsTag = "facecloud.crops";
    public const string PriorityTag = "facecloud.priority";
    public const string BatchSizeTag = "facecloud.batch.size";
    public const string ProviderTag = "facecloud.execution_provider";

    public const string BatchSizeMetric = "facecloud.encoder.batch.size";
    public const string QueueWaitMetric = "facecloud.encoder.queue.wait";
    public const string InferenceTimeMetric = "facecloud.encoder.inference.duration";

    private static readonly Meter Meter = new(Name);

    internal static ActivitySource Source { get; } = new(Name);

    internal static Histogram<int> BatchSize { get; } = Meter.CreateHistogram(
        BatchSizeMetric, "{crop}", "Crops in a batch.", tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    internal static Histogram<double> QueueWait { get; } = Meter.CreateHistogram(
        QueueWaitMetric, "s", "Wait of a crop for its batch.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    internal static Histogram<double> InferenceTime { get; } = Meter.CreateHistogram(
        InferenceTimeMetric, "s", "Run of the network on a batch.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    private static double[] Seconds => [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
}
