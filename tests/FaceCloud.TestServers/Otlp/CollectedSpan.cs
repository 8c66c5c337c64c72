using FaceCloud.TestServers.Otlp.Wire;

namespace FaceCloud.TestServers.Otlp;

/// <summary>A span as it was exported. Ids are lower-case hex; a root has an empty parent.</summary>
public sealed record CollectedSpan
{
    public required string Service { get; init; }

    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    public required string ParentId { get; init; }

    public required string Name { get; init; }

    public required SpanKind Kind { get; init; }

    public required ulong Start { get; init; }

    public required ulong End { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Span ids.</summary>
    public required IReadOnlyList<string> Links { get; init; }

    internal static IEnumerable<CollectedSpan> Read(byte[] export)
    {
        foreach (var resource in TraceExport.Parser.ParseFrom(export).ResourceSpans)
        {
            var service = Texts(resource.Resource.Attributes).GetValueOrDefault("service.name", "");
            foreach (var span in resource.ScopeSpans.SelectMany(scope => scope.Spans))
            {
                yield return new CollectedSpan
                {
                    Service = service,
                    TraceId = Convert.ToHexStringLower(span.TraceId.Span),
                    SpanId = Convert.ToHexStringLower(span.SpanId.Span),
                    ParentId = Convert.ToHexStringLower(span.ParentSpanId.Span),
                    Name = span.Name,
                    Kind = span.Kind,
                    Start = span.StartTimeUnixNano,
                    End = span.EndTimeUnixNano,
                    Attributes = Texts(span.Attributes),
                    Links = [.. span.Links.Select(link => Convert.ToHexStringLower(link.SpanId.Span))],
                };
            }
        }
    }

    internal static Dictionary<string, string> Texts(IEnumerable<KeyValue> attributes) => attributes.ToDictionary(
        attribute => attribute.Key,
        attribute => attribute.Value.ValueCase switch
        {
            AnyValue.ValueOneofCase.StringValue => attribute.Value.StringValue,
            AnyValue.ValueOneofCase.IntValue => attribute.Value.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
            AnyValue.ValueOneofCase.DoubleValue => attribute.Value.DoubleValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
            AnyValue.ValueOneofCase.BoolValue => attribute.Value.BoolValue ? "true" : "false",
            _ => "",
        });
}
