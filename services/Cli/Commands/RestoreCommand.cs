using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Protos.Gallery.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud restore FILE</c></summary>
internal static class RestoreCommand
{
    public static Command Create(CommandRunner runner)
    {
        var file = new Argument<string>("file") { Description = "A file that 'backup' wrote" };
        var gallery = new Option<string?>("--gallery") { Description = "Gallery to restore into, made when there is none; default: the one that the file names", HelpName = "id" };
        var settings = new Option<bool>("--replace-settings") { Description = "Take name and settings from the file also for a gallery that is there" };
        var deleted = new Option<bool>("--restore-deleted") { Description = "Bring back persons and faces too that were deleted after the backup was made" };
        var command = new Command("restore", "Puts a backup into a gallery. What is there stays; may be repeated.") { file, gallery, settings, deleted };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            await using var input = Open(path);
            var options = new ImportOptions
            {
                GalleryId = parsed.GetValue(gallery) ?? "",
                ReplaceSettings = parsed.GetValue(settings),
                RestoreDeleted = parsed.GetValue(deleted),
            };
            return Result(path, await BackupCommand.Progress(runner, parsed, progress => client.ImportGalleryAsync(input, options, progress, cancellationToken)));
        });
        return command;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(Reasons.FileNotFound, $"There is no file '{path}'.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Reasons.FileUnreadable, $"'{path}' cannot be read: {exception.Message}");
        }
    }

    private static CommandResult Result(string path, ImportResponse answer)
    {
        var document = new
        {
            File = path,
            answer.GalleryId,
            answer.GalleryCreated,
            answer.SettingsApplied,
            Persons = new { Added = answer.PersonsAdded, Present = answer.PersonsPresent, Deleted = answer.PersonsDeleted },
            Faces = new { Added = answer.FacesAdded, Present = answer.FacesPresent, Deleted = answer.FacesDeleted },
            answer.EmbeddingContract,
        };
        return new CommandResult(ExitCode.Success, document, console =>
        {
            var table = Terminal.Table(console, "", "added", "were there", "stay deleted");
            Terminal.Row(table, "persons", $"{answer.PersonsAdded}", $"{answer.PersonsPresent}", $"{answer.PersonsDeleted}");
            Terminal.Row(table, "faces", $"{answer.FacesAdded}", $"{answer.FacesPresent}", $"{answer.FacesDeleted}");
            console.Write(table);
            console.WriteLine($"Gallery {answer.GalleryId}{(answer.GalleryCreated ? " (new)" : "")}, {(answer.SettingsApplied ? "settings from the file" : "its own settings")}.");
            if (answer.PersonsDeleted + answer.FacesDeleted > 0)
            {
                console.WriteLine("What was deleted after the backup was made stays deleted; --restore-deleted brings it back.");
            }
        });
    }
}
