using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary>The answer of every delete.</summary>
internal static class Deleted
{
    public static CommandResult Result(string idName, string id) =>
        new(
            ExitCode.Success,
            new { Deleted = new Dictionary<string, string> { [idName] = id } },
            console => console.WriteLine($"Deleted {id}."));
}
