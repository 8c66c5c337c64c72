using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FaceCloud.Encoder;

/// <summary>Names of what this service measures; the network's own figures are those of FaceCloud.Inference.</summary>
public static class Telemetry
{
    public const string Name = "FaceCloud.Encoder";
    public const string ItemsMetric = "facecloud.encoder.items";
    public const string OutcomeTag = "facecloud.outcome";

    /// <summary>The work on one message of a batch, in the message's trace.</summary>
    public const string EncodeSpan = "encode";

    private static readonly Meter Meter = new(Name);

    internal static ActivitySource Source { get; } = new(Name);

    internal static Counter<long> Items { get; } = Meter.CreateCounter<long>(ItemsMetric, "{item}", "Bulk items that left the encoder, by outcome.");
}
