using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceCloud.Cli.Commands;
using Spectre.Console;

namespace FaceCloud.Cli.Output;

/// <summary>Where answers go: a document for programs, or text for people; plain where it is not a terminal.</summary>
internal sealed class Terminal
{
    // A pipe has no width: lines must not be broken for it.
    private const int PipeWidth = 4096;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Terminal(TextWriter output, TextWriter error, bool isInteractive)
    {
        Out = output;
        Error = error;
        IsInteractive = isInteractive;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isInteractive)
        {
            Console.Profile.Width = PipeWidth;
        }
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    public bool IsInteractive { get; }

    public IAnsiConsole Console { get; }

    public static Terminal OfProcess() =>
        new(System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected);

    public int Write(bool json, CommandResult result)
    {
        if (json)
        {
            WriteJson(result.ExitCode, JsonSerializer.SerializeToNode(result.Json, Json)!.AsObject());
        }
        else
        {
            result.Render(Console);
        }

        return (int)result.ExitCode;
    }

    public int WriteError(bool json, ExitCode exitCode, string reason, string message)
    {
        if (json)
        {
            WriteJson(exitCode, new JsonObject { ["error"] = new JsonObject { ["reason"] = reason, ["message"] = message } });
        }
        else
        {
            Error.WriteLine($"facecloud: {message} [{reason}]");
        }

        return (int)exitCode;
    }

    /// <summary>A table: framed in a terminal, columns only in a pipe.</summary>
    public static Table Table(IAnsiConsole console, params string[] columns)
    {
        var table = new Table().Border(console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        }

        return table;
    }

    public static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    private void WriteJson(ExitCode exitCode, JsonObject document)
    {
        document["exitCode"] = (int)exitCode;
        Out.WriteLine(document.ToJsonString(Json));
    }
}
