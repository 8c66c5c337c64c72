using System.CommandLine;
using FaceCloud.Cli.Output;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud people list | show | delete</c></summary>
internal static class PeopleCommand
{
    public static Command Create(CommandRunner runner) =>
        new("people", "Enrolled persons") { List(runner), Show(runner), Delete(runner) };

    private static Command List(CommandRunner runner)
    {
        var gallery = CommonOptions.Gallery();
        var command = new Command("list", "All persons of a gallery") { gallery };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var people = await client.ListPersonsAsync(parsed.GetRequiredValue(gallery), 1000, cancellationToken).ToListAsync(cancellationToken);
            return new CommandResult(ExitCode.Success, new { People = people.Select(Documents.Person).ToArray() }, console =>
            {
                var table = Terminal.Table(console, "person", "name", "external id", "faces", "since");
                foreach (var person in people)
                {
                    Terminal.Row(table, person.PersonId, person.Name, person.ExternalId, $"{person.FaceCount}", Words.Time(person.CreatedAt));
                }

                console.Write(table);
            });
        });
        return command;
    }

    private static Command Show(CommandRunner runner)
    {
        var id = CommonOptions.Id("person");
        var gallery = CommonOptions.Gallery();
        var command = new Command("show", "One person with all faces") { id, gallery };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var (galleryId, personId) = (parsed.GetRequiredValue(gallery), parsed.GetRequiredValue(id));
            var person = await client.GetPersonAsync(galleryId, personId, cancellationToken);
            var faces = await client.ListFacesAsync(galleryId, personId, 1000, cancellationToken).ToListAsync(cancellationToken);
            var document = new { Person = Documents.Person(person), Faces = faces.Select(Documents.EnrolledFace).ToArray() };
            return new CommandResult(ExitCode.Success, document, console =>
            {
                var about = Terminal.Table(console, "field", "value");
                Terminal.Row(about, "person", person.PersonId);
                Terminal.Row(about, "name", person.Name);
                Terminal.Row(about, "external id", person.ExternalId);
                Terminal.Row(about, "since", Words.Time(person.CreatedAt));
                foreach (var (key, value) in person.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    Terminal.Row(about, key, value);
                }

                console.Write(about);
                console.Write(FacesCommand.Table(console, faces));
            });
        });
        return command;
    }

    private static Command Delete(CommandRunner runner)
    {
        var id = CommonOptions.Id("person");
        var gallery = CommonOptions.Gallery();
        var command = new Command("delete", "Deletes a person with all faces") { id, gallery };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var personId = parsed.GetRequiredValue(id);
            await client.DeletePersonAsync(parsed.GetRequiredValue(gallery), personId, cancellationToken);
            return Deleted.Result("personId", personId);
        });
        return command;
    }
}
