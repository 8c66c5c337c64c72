using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary>An answer in its two forms.</summary>
/// <param name="ExitCode">For scripts; in the JSON document too.</param>
/// <param name="Json">Its public properties are the JSON document, in camel case.</param>
/// <param name="Render">Writes the form for people.</param>
internal sealed record CommandResult(ExitCode ExitCode, object Json, Action<IAnsiConsole> Render);
