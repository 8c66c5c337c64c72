using System.CommandLine;
using FaceCloud.Client;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud backup GALLERY FILE</c></summary>
internal static class BackupCommand
{
    public static Command Create(CommandRunner runner)
    {
        var gallery = new Argument<string>("gallery") { Description = "Id of the gallery" };
        var file = new Argument<string>("file") { Description = "File to write, such as staff.facecloud.zip" };
        var force = new Option<bool>("--force") { Description = "Replace the file when it is there" };
        var command = new Command(
            "backup", "Writes a gallery into one file: persons, faces, embeddings, settings. It holds biometric data, unencrypted; only you can read it. Photos are not in it.")
        {
            gallery, file, force,
        };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            var summary = await NewFile.WriteAsync(
                path,
                parsed.GetValue(force),
                output => Progress(runner, parsed, progress => client.ExportGalleryAsync(parsed.GetRequiredValue(gallery), output, progress, cancellationToken)));
            return Result(path, summary);
        });
        return command;
    }

    /// <summary>Runs with a progress bar where somebody looks.</summary>
    public static Task<T> Progress<T>(CommandRunner runner, ParseResult parsed, Func<IProgress<BackupProgress>?, Task<T>> work) =>
        runner.Progress(parsed) is { } terminal
            ? terminal.Console.Progress().StartAsync(progress =>
            {
                var task = progress.AddTask("bytes");
                return work(new BarProgress(task));
            })
            : work(null);

    private static CommandResult Result(string path, Protos.Gallery.V1.BackupSummary summary)
    {
        var document = new { File = path, summary.GalleryId, summary.EmbeddingContract, summary.Persons, summary.Faces, summary.Bytes };
        return new CommandResult(ExitCode.Success, document, console => console.WriteLine(
            $"{path}: {summary.Persons} persons, {summary.Faces} faces, {summary.Bytes / 1e6:0.0} MB. It holds biometric data, unencrypted: keep it as safe as the database."));
    }

    private sealed class BarProgress(ProgressTask task) : IProgress<BackupProgress>
    {
        public void Report(BackupProgress value)
        {
            task.MaxValue = Math.Max(value.Total, value.Bytes);
            task.Value = value.Bytes;
        }
    }
}
