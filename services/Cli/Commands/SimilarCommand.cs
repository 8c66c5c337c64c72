using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud similar --person ID | --face ID</c></summary>
internal static class SimilarCommand
{
    public static Command Create(CommandRunner runner)
    {
        var person = new Option<string?>("--person") { Description = "Who looks like this enrolled person", HelpName = "id" };
        var face = new Option<string?>("--face") { Description = "What looks like this enrolled face", HelpName = "id" };
        var gallery = CommonOptions.Gallery();
        var count = CommonOptions.Count("--count", "Faces and persons listed, 1..100; default 10");
        var threshold = CommonOptions.Threshold();
        threshold.Description = "List only what is at least so alike; a cosine, -1..1";
        var rate = CommonOptions.Rate("--max-far", "List only what would match at this false accept rate");
        var own = new Option<bool>("--own-person") { Description = "With --face: the person's own other faces too" };
        var command = new Command("similar", "The enrolled faces and persons nearest to an enrolled one.") { person, face, gallery, count, threshold, rate, own };
        CommonOptions.AtMostOne(command, threshold, rate);
        CommonOptions.AtMostOne(command, person, face);
        command.Validators.Add(result =>
        {
            if (result.GetResult(person) is null && result.GetResult(face) is null)
            {
                result.AddError("Give --person ID or --face ID.");
            }
        });

        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var request = new FindSimilarRequest
            {
                GalleryId = parsed.GetRequiredValue(gallery),
                PersonId = parsed.GetValue(person) ?? "",
                FaceId = parsed.GetValue(face) ?? "",
                MaxResults = parsed.GetValue(count) ?? 0,
                OwnPerson = parsed.GetValue(own),
            };
            if (parsed.GetValue(threshold) is { } cosine)
            {
                request.Threshold = cosine;
            }

            if (parsed.GetValue(rate) is { } share)
            {
                request.MaxFalseAcceptRate = share;
            }

            return Result(await client.FindSimilarAsync(request, cancellationToken));
        });
        return command;
    }

    private static CommandResult Result(FindSimilarResponse answer)
    {
        var document = new
        {
            Faces = answer.Faces.Select(face => new { face.FaceId, face.PersonId, face.Similarity, face.Distance, face.LikeFaceId }).ToArray(),
            Persons = answer.Persons.Select(person => new { person.PersonId, person.Name, person.ExternalId, person.Similarity, person.BestFaceId }).ToArray(),
            Threshold = Documents.Threshold(answer.Threshold),
            answer.EmbeddingContract,
        };
        return new CommandResult(ExitCode.Success, document, console =>
        {
            var table = Terminal.Table(console, "similarity", "person", "face", "like face");
            foreach (var face in answer.Faces)
            {
                Terminal.Row(table, Words.Number(face.Similarity), face.PersonId, face.FaceId, face.LikeFaceId);
            }

            console.Write(table);
        });
    }
}
