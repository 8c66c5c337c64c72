using System.CommandLine;
using FaceCloud.Protos.Ingestion.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud jobs report ID FILE</c></summary>
internal static class JobReportCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = CommonOptions.Id("job");
        var file = new Argument<string>("file") { Description = "File to write; its ending says the format: .csv or .json" };
        var force = new Option<bool>("--force") { Description = "Replace the file when it is there" };
        var command = new Command("report", "Writes every photo of a job with its outcome into a file, CSV or JSON") { id, file, force };
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is { } path && Format(path) is null)
            {
                result.AddError($"'{path}' must end in .csv or .json.");
            }
        });
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            var bytes = await NewFile.WriteAsync(
                path,
                parsed.GetValue(force),
                output => client.DownloadReportAsync(parsed.GetRequiredValue(id), Format(path)!.Value, output, cancellationToken));
            return new CommandResult(
                ExitCode.Success, new { File = path, JobId = parsed.GetRequiredValue(id), Bytes = bytes }, console => console.WriteLine($"{path}: {bytes} bytes."));
        });
        return command;
    }

    private static ReportFormat? Format(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => ReportFormat.Csv,
        ".JSON" => ReportFormat.Json,
        _ => null,
    };
}
