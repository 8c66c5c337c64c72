using System.Diagnostics;

namespace FaceCloud.ServiceDefaults.Tracing;

/// <summary>
/// Passes the trace on and nothing else. Baggage is free text of whoever calls: taken in here it would travel through the broker
/// and to other services, and nobody could say any more that no personal data does.
/// </summary>
public sealed class TraceContextOnly : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator Inner = CreateW3CPropagator();

    private static readonly string[] Headers = ["traceparent", "tracestate"];

    public override IReadOnlyCollection<string> Fields => Headers;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        Inner.Inject(activity, carrier, setter is null ? null : (target, name, value) =>
        {
            if (Headers.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                setter(target, name, value);
            }
        });

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        Inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
