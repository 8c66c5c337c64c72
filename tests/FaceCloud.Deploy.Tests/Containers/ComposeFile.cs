using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace FaceCloud.Deploy.Tests.Containers;

/// <summary>A Compose file as plain maps and lists, anchors and merges put in.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<object, object> _root;

    private ComposeFile(string name, string text)
    {
        Name = name;
        Text = text;
        // A key that stands twice is an error of this parser.
        _root = new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(text))));
    }

    public string Name { get; }

    public string Text { get; }

    public IReadOnlyDictionary<string, Dictionary<object, object>> Services => Map(_root, "services");

    public IEnumerable<string> Volumes => Keys("volumes");

    public IEnumerable<string> Secrets => Keys("secrets");

    public static ComposeFile Load(string name) => new(name, File.ReadAllText(Needs.InRepository("deploy", "compose", name)));

    /// <summary>Variables of the environment that the file uses.</summary>
    public IEnumerable<string> Variables() => Variable().Matches(Text).Select(match => match.Groups[1].Value).Distinct();

    /// <summary>A service's environment, with the variables put in.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service, IReadOnlyDictionary<string, string> variables) =>
        Child(Services[service], "environment").ToDictionary(
            pair => (string)pair.Key,
            pair => Variable().Replace((string)pair.Value, match => variables.GetValueOrDefault(match.Groups[1].Value, match.Groups[2].Value)));

    public static Dictionary<object, object> Child(Dictionary<object, object> map, string key) =>
        map.TryGetValue(key, out var value) ? (Dictionary<object, object>)value : [];

    public static IEnumerable<string> List(Dictionary<object, object> map, string key) =>
        map.TryGetValue(key, out var value) ? ((List<object>)value).Cast<string>() : [];

    private static Dictionary<string, Dictionary<object, object>> Map(Dictionary<object, object> root, string key) =>
        Child(root, key).ToDictionary(pair => (string)pair.Key, pair => (Dictionary<object, object>)pair.Value);

    private IEnumerable<string> Keys(string section) => Child(_root, section).Keys.Cast<string>();

    [GeneratedRegex(@"\$\{(\w+)(?::[-?]([^}]*))?\}")]
    private static partial Regex Variable();
}
