namespace FaceCloud.Trainer.Data;

/// <summary>Labels of one person under one name: the first of them in ordinal order, so the outcome does not depend on the order of the pairs.</summary>
public sealed class LabelMerge
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);

    public LabelMerge(IEnumerable<(string First, string Second)> samePerson)
    {
        foreach (var (first, second) in samePerson)
        {
            var (a, b) = (Of(first), Of(second));
            if (string.CompareOrdinal(a, b) < 0)
            {
                _parents[b] = a;
            }
            else if (a != b)
            {
                _parents[a] = b;
            }
        }
    }

    public string Of(string label)
    {
        while (_parents.TryGetValue(label, out var parent))
        {
            label = parent;
        }

        return label;
    }
}
