using System.Text.RegularExpressions;

namespace FaceCloud.Deploy.Tests.Containers;

/// <summary>A Dockerfile as its instructions, with build arguments put in.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(string service, IReadOnlyList<Stage> stages, IReadOnlyDictionary<string, string> arguments)
    {
        Service = service;
        Stages = stages;
        Arguments = arguments;
    }

    public string Service { get; }

    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Build arguments and their defaults.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; }

    /// <summary>The image: the last stage.</summary>
    public Stage Final => Stages[^1];

    /// <param name="service">Gallery, Ingestion, Encoder or Standalone.</param>
    /// <param name="buildArguments">As <c>--build-arg</c>.</param>
    public static Dockerfile Of(string service, params ReadOnlySpan<(string Name, string Value)> buildArguments)
    {
        var given = new Dictionary<string, string>();
        foreach (var (name, value) in buildArguments)
        {
            given[name] = value;
        }

        var arguments = new Dictionary<string, string>();
        var stages = new List<Stage>();
        foreach (var (word, rest) in Instructions(File.ReadAllText(Needs.InRepository("services", service, "Dockerfile"))))
        {
            var text = Variable().Replace(rest, match => arguments.GetValueOrDefault(match.Groups[1].Value, match.Value));
            switch (word)
            {
                case "ARG" when text.Split('=') is [var name, var value]:
                    arguments[name] = given.GetValueOrDefault(name, value);
                    break;
                case "FROM":
                    var parts = text.Split(' ');
                    stages.Add(new Stage(parts is [_, "AS", var alias] ? alias : "", parts[0], []));
                    break;
                default:
                    stages[^1].Instructions.Add((word, text));
                    break;
            }
        }

        return new Dockerfile(service, stages, arguments);
    }

    /// <summary>What the image's stage says, and the stages it is made from.</summary>
    public IEnumerable<(string Word, string Text)> Image()
    {
        var stage = Final;
        var all = stage.Instructions.AsEnumerable();
        while (Stages.FirstOrDefault(other => other.Name == stage.Base) is { } below)
        {
            all = below.Instructions.Concat(all);
            stage = below;
        }

        return all;
    }

    /// <summary>The image from outside that the final stage begins with.</summary>
    public string BaseImage()
    {
        var image = Final.Base;
        while (Stages.FirstOrDefault(stage => stage.Name == image) is { } below)
        {
            image = below.Base;
        }

        return image;
    }

    /// <summary>Variables that the image sets.</summary>
    public IReadOnlyDictionary<string, string> Environment() =>
        Image().Where(instruction => instruction.Word == "ENV")
            .SelectMany(instruction => instruction.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    private static IEnumerable<(string Word, string Line)> Instructions(string text)
    {
        var lines = text.Split('\n').Where(line => !line.TrimStart().StartsWith('#'));
        var joined = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (var line in joined.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            yield return (line[..space].ToUpperInvariant(), Spaces().Replace(line[(space + 1)..], " ").Trim());
        }
    }

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    /// <summary>One FROM and what follows it.</summary>
    internal sealed record Stage(string Name, string Base, List<(string Word, string Text)> Instructions);
}
