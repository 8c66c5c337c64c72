using k8s.Models;

namespace FaceCloud.Deploy.Tests.Kubernetes;

/// <summary>Label selectors as Kubernetes understands them.</summary>
internal static class Selectors
{
    /// <summary>Whether the labels are selected; an empty selector takes all.</summary>
    public static bool Selects(this V1LabelSelector selector, IDictionary<string, string> labels) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value) &&
        (selector.MatchExpressions ?? []).All(expression => Holds(expression, labels));

    private static bool Holds(V1LabelSelectorRequirement expression, IDictionary<string, string> labels)
    {
        var there = labels.TryGetValue(expression.Key, out var value);
        return expression.OperatorProperty switch
        {
            "In" => there && expression.Values.Contains(value!),
            "NotIn" => !there || !expression.Values.Contains(value!),
            "Exists" => there,
            "DoesNotExist" => !there,
            var other => throw new InvalidOperationException($"'{other}' is no operator."),
        };
    }
}
