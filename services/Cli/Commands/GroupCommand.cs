using System.CommandLine;
using FaceCloud.Cli.Enrolment;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud group PHOTO|FOLDER…</c></summary>
internal static class GroupCommand
{
    // Of a group; the JSON document has them all.
    private const int FacesShown = 8;

    public static Command Create(CommandRunner runner)
    {
        var paths = new Argument<string[]>("photo") { Description = "Photos, or folders of photos", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all-faces") { Description = "Every face of a photo, not only the largest" };
        var enrolled = new Option<string?>("--enrolled") { Description = "All enrolled faces of this gallery too", HelpName = "gallery" };
        var threshold = CommonOptions.Threshold();
        threshold.Description = "Mean cosine from which on two groups are one, -1..1";
        var rate = CommonOptions.Rate("--max-far", "False accept rate of single comparisons whose cosine is the threshold");
        var command = new Command("group", "Sorts unknown faces into groups of one person each. Nothing is stored.") { paths, all, enrolled, threshold, rate };
        CommonOptions.AtMostOne(command, threshold, rate);
        command.Validators.Add(result =>
        {
            if (result.GetValue(paths) is not { Length: > 0 } && result.GetResult(enrolled) is null)
            {
                result.AddError("Give photos or folders, or --enrolled GALLERY.");
            }
        });

        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var items = new List<(string, FaceInput)>();
            foreach (var file in (parsed.GetValue(paths) ?? []).SelectMany(Files))
            {
                items.Add((file, FaceInput.Photo(await PhotoFiles.ReadAsync(file, cancellationToken))));
            }

            var options = new GroupOptions
            {
                GalleryId = parsed.GetValue(enrolled),
                EnrolledFaces = parsed.GetValue(enrolled) is not null,
                AllFaces = parsed.GetValue(all),
                Threshold = parsed.GetValue(threshold),
                MaxFalseAcceptRate = parsed.GetValue(rate),
            };
            return Result(await client.GroupAsync(items, options, cancellationToken));
        });
        return command;
    }

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var photos = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(EnrolmentFolder.IsPhoto).Order(StringComparer.Ordinal).ToArray();
        return photos.Length > 0 ? photos : throw new InputException(Reasons.FolderEmpty, $"'{path}' has no photos.");
    }

    private static CommandResult Result(GroupResponse answer)
    {
        var document = new
        {
            Groups = answer.Groups.Select(group => new
            {
                group.Cohesion,
                Faces = group.Faces.Select(face => new
                {
                    Photo = face.ItemId.Length > 0 ? face.ItemId : null,
                    face.FaceIndex,
                    FaceId = face.FaceId.Length > 0 ? face.FaceId : null,
                    PersonId = face.PersonId.Length > 0 ? face.PersonId : null,
                    face.Similarity,
                    Face = Documents.Face(face.Face),
                }).ToArray(),
            }).ToArray(),
            Ungrouped = answer.Ungrouped.Select(item => new { Photo = item.ItemId, item.FaceIndex, Reasons = Words.Of(item.Reasons) }).ToArray(),
            Threshold = Documents.Threshold(answer.Threshold),
            answer.EmbeddingContract,
            Timings = Documents.Timings(answer.Timings),
        };
        return new CommandResult(ExitCode.Success, document, console =>
        {
            var table = Terminal.Table(console, "group", "faces", "cohesion", "most typical first");
            for (var index = 0; index < answer.Groups.Count; index++)
            {
                var group = answer.Groups[index];
                var more = group.Faces.Count > FacesShown ? $", … {group.Faces.Count - FacesShown} more" : "";
                Terminal.Row(table, $"{index + 1}", $"{group.Faces.Count}", Words.Number(group.Cohesion), Words.Join(group.Faces.Take(FacesShown).Select(Label)) + more);
            }

            console.Write(table);
            foreach (var item in answer.Ungrouped)
            {
                console.WriteLine($"Not grouped: {item.ItemId} ({Words.Join(Words.Of(item.Reasons))})");
            }

            console.WriteLine($"{answer.Groups.Sum(group => group.Faces.Count)} faces in {answer.Groups.Count} groups; threshold {Words.Threshold(answer.Threshold)}.");
        });
    }

    private static string Label(GroupedFace face) =>
        (face.ItemId.Length > 0 ? face.ItemId : $"{face.PersonId}/{face.FaceId}") + (face.FaceIndex > 0 ? $"#{face.FaceIndex + 1}" : "");
}
