using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FaceCloud.Inference;

/// <summary>Names of what is measured here; operators build dashboards on them.</summary>
public static class Telemetry
{
    public const string Name = "FaceCloud.Inference";

    /// <summary>One a call of the encoder.</summary>
    public const string EncodeSpan = "encode faces";

    /// <summary>One a run of the network, a trace of its own that is linked with those of its crops.</summary>
    public const string BatchSpan = "encode batch";

    /// <summary>In a crop's trace: from its arrival to the start of its batch.</summary>
    public const string BatchWaitSpan = "batch wait";

    /// <summary>In a crop's trace: the run of the network on its batch.</summary>
    public const string InferenceSpan = "inference";

    public const string CropsTag = "facecloud.crops";
    public const string PriorityTag = "facecloud.priority";
    public const string BatchSizeTag = "facecloud.batch.size";
    public const string ProviderTag = "facecloud.execution_provider";
    public const string ModelTag = "facecloud.embedding_contract";

    public const string BatchSizeMetric = "facecloud.encoder.batch.size";
    public const string BatchWaitMetric = "facecloud.encoder.batch.wait.duration";
    public const string InferenceTimeMetric = "facecloud.encoder.inference.duration";
    public const string FacesMetric = "facecloud.encoder.faces";
    public const string ActiveFacesMetric = "facecloud.encoder.active_faces";
    public const string SessionsMetric = "facecloud.encoder.sessions";

    private static readonly Meter Meter = new(Name);

    internal static ActivitySource Source { get; } = new(Name);

    internal static Histogram<int> BatchSize { get; } = Meter.CreateHistogram(
        BatchSizeMetric, "{crop}", "Crops in a batch.", tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    internal static Histogram<double> BatchWait { get; } = Meter.CreateHistogram(
        BatchWaitMetric, "s", "Wait of a crop for its batch.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    internal static Histogram<double> InferenceTime { get; } = Meter.CreateHistogram(
        InferenceTimeMetric, "s", "Run of the network on a batch.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    internal static Counter<long> Faces { get; } = Meter.CreateCounter<long>(FacesMetric, "{face}", "Faces encoded.");

    internal static UpDownCounter<long> ActiveFaces { get; } = Meter.CreateUpDownCounter<long>(ActiveFacesMetric, "{face}", "Faces that wait for a batch or are in one.");

    internal static UpDownCounter<long> Sessions { get; } = Meter.CreateUpDownCounter<long>(
        SessionsMetric, "{session}", "Sessions of the encoder, by execution provider and model.");

    private static double[] Seconds => [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
}
