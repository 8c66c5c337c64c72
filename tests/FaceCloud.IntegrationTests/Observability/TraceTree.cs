using FaceCloud.TestServers.Otlp;
using FaceCloud.TestServers.Otlp.Wire;

namespace FaceCloud.IntegrationTests.Observability;

/// <summary>The spans of one trace, and who is below whom.</summary>
internal sealed class TraceTree(IEnumerable<CollectedSpan> spans, string traceId)
{
    private readonly Dictionary<string, CollectedSpan> _spans =
        spans.Where(span => span.TraceId == traceId).DistinctBy(span => span.SpanId).ToDictionary(span => span.SpanId);

    public IEnumerable<CollectedSpan> Spans => _spans.Values;

    /// <summary>Ids that spans name as their parent and that no span of the trace has.</summary>
    public IReadOnlyList<string> MissingParents =>
        [.. _spans.Values.Select(span => span.ParentId).Where(parent => parent.Length > 0 && !_spans.ContainsKey(parent)).Distinct()];

    public bool Has(string service, string name) => _spans.Values.Any(span => span.Service == service && span.Name == name);

    /// <summary>The one span of this name.</summary>
    public CollectedSpan Single(string service, string name)
    {
        var found = _spans.Values.Where(span => span.Service == service && span.Name == name).ToList();
        Assert.True(found.Count == 1, $"{found.Count} spans '{name}' of {service} in:{Environment.NewLine}{this}");
        return found[0];
    }

    /// <summary>The one span that published a message of this type.</summary>
    public CollectedSpan Publish(string message)
    {
        var found = _spans.Values.Where(span => span.Kind == SpanKind.Producer && span.Name.Contains(message, StringComparison.Ordinal)).ToList();
        Assert.True(found.Count == 1, $"{found.Count} spans publish {message} in:{Environment.NewLine}{this}");
        return found[0];
    }

    public void AssertBelow(CollectedSpan span, CollectedSpan ancestor)
    {
        var at = span;
        while (at.SpanId != ancestor.SpanId)
        {
            Assert.True(_spans.TryGetValue(at.ParentId, out at), $"'{span.Name}' is not below '{ancestor.Name}' in:{Environment.NewLine}{this}");
        }
    }

    /// <summary>As an operator sees it.</summary>
    public override string ToString()
    {
        var lines = new List<string>();
        var children = _spans.Values.OrderBy(span => span.Start).ToLookup(span => _spans.ContainsKey(span.ParentId) ? span.ParentId : "");
        Write("", 0);
        return string.Join(Environment.NewLine, lines);

        void Write(string parent, int depth)
        {
            foreach (var span in children[parent])
            {
                lines.Add($"{new string(' ', depth * 2)}{span.Name} [{span.Service}, {span.Kind}, {(span.End - span.Start) / 1e6:F1} ms, links {span.Links.Count}]");
                Write(span.SpanId, depth + 1);
            }
        }
    }
}
