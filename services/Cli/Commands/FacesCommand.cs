using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Protos.Gallery.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud faces list | delete</c></summary>
internal static class FacesCommand
{
    public static Command Create(CommandRunner runner) =>
        new("faces", "Enrolled faces") { List(runner), Delete(runner) };

    public static Table Table(IAnsiConsole console, IEnumerable<Face> faces)
    {
        var table = Terminal.Table(console, "face", "person", "quality", "since");
        foreach (var face in faces)
        {
            Terminal.Row(table, face.FaceId, face.PersonId, Words.Number(face.Quality?.Score ?? 0), Words.Time(face.CreatedAt));
        }

        return table;
    }

    private static Command List(CommandRunner runner)
    {
        var gallery = CommonOptions.Gallery();
        var person = new Option<string?>("--person") { Description = "Only this person's", HelpName = "id" };
        var command = new Command("list", "Faces of a gallery, or of one person") { gallery, person };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var faces = await client.ListFacesAsync(parsed.GetRequiredValue(gallery), parsed.GetValue(person), 1000, cancellationToken)
                .ToListAsync(cancellationToken);
            return new CommandResult(
                ExitCode.Success, new { Faces = faces.Select(Documents.EnrolledFace).ToArray() }, console => console.Write(Table(console, faces)));
        });
        return command;
    }

    private static Command Delete(CommandRunner runner)
    {
        var id = CommonOptions.Id("face");
        var gallery = CommonOptions.Gallery();
        var command = new Command("delete", "Deletes one face; the person stays") { id, gallery };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var faceId = parsed.GetRequiredValue(id);
            await client.DeleteFaceAsync(parsed.GetRequiredValue(gallery), faceId, cancellationToken);
            return Deleted.Result("faceId", faceId);
        });
        return command;
    }
}
