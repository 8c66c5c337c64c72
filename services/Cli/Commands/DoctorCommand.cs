using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Protos.Gallery.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud doctor GALLERY</c></summary>
internal static class DoctorCommand
{
    // Of each kind, for people; the JSON document has all that the server lists.
    private const int Shown = 20;

    public static Command Create(CommandRunner runner)
    {
        var gallery = new Argument<string>("gallery") { Description = "Id of the gallery" };
        var faces = CommonOptions.Count("--max-faces", "Faces examined; of a larger gallery a fair sample. Default: the server's (50,000)");
        var findings = CommonOptions.Count("--max-findings", "Listed of each kind, 1..1000; default 100");
        var match = CommonOptions.Cosine("--match-threshold", "Cosine from which on two faces match, in place of verify's");
        var name = CommonOptions.Cosine("--name-threshold", "Cosine from which on a person is named, in place of identify's");
        var command = new Command("doctor", "Looks for what is wrong with a gallery: wrong labels, persons enrolled twice, look-alikes, weak photos. Exit code 1 when a label or a person seems wrong.")
        {
            gallery, faces, findings, match, name,
        };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var request = new ExamineRequest
            {
                GalleryId = parsed.GetRequiredValue(gallery),
                MaxFaces = parsed.GetValue(faces) ?? 0,
                MaxFindings = parsed.GetValue(findings) ?? 0,
            };
            if (parsed.GetValue(match) is { } matches)
            {
                request.MatchThreshold = matches;
            }

            if (parsed.GetValue(name) is { } named)
            {
                request.NameThreshold = named;
            }

            return Result(request.GalleryId, await client.ExamineAsync(request, cancellationToken));
        });
        return command;
    }

    private static CommandResult Result(string gallery, ExamineResponse answer)
    {
        var document = new
        {
            GalleryId = gallery,
            Counts = new
            {
                answer.Counts.Mislabelled,
                answer.Counts.Duplicates,
                answer.Counts.LookAlikes,
                answer.Counts.WeakTemplates,
                answer.Counts.SinglePhotoPersons,
                answer.Counts.EmptyPersons,
            },
            Mislabelled = answer.Mislabelled.Select(face => new { face.FaceId, face.PersonId, face.LikelyPersonId, face.OwnSimilarity, face.LikelySimilarity }).ToArray(),
            Duplicates = answer.Duplicates.Select(Document).ToArray(),
            LookAlikes = answer.LookAlikes.Select(Document).ToArray(),
            WeakTemplates = answer.WeakTemplates.Select(face => new
            {
                face.FaceId,
                face.PersonId,
                Reasons = Words.Of(face.Reasons),
                face.QualityScore,
                OwnSimilarity = face.HasOwnSimilarity ? face.OwnSimilarity : (float?)null,
            }).ToArray(),
            SinglePhotoPersons = answer.SinglePhotoPersons.ToArray(),
            EmptyPersons = answer.EmptyPersons.ToArray(),
            answer.PersonsExamined,
            answer.FacesExamined,
            answer.PersonsTotal,
            answer.FacesTotal,
            MatchThreshold = Documents.Threshold(answer.MatchThreshold),
            NameThreshold = Documents.Threshold(answer.NameThreshold),
            answer.EmbeddingContract,
            answer.TotalMs,
        };
        var isWrong = answer.Counts.Mislabelled > 0 || answer.Counts.Duplicates > 0;
        return new CommandResult(isWrong ? ExitCode.NoMatch : ExitCode.Success, document, console => Write(console, answer));
    }

    private static object Document(PersonPair pair) =>
        new { pair.PersonId, pair.OtherPersonId, pair.BestSimilarity, pair.MeanSimilarity, pair.FaceId, pair.OtherFaceId };

    private static void Write(IAnsiConsole console, ExamineResponse answer)
    {
        Write(
            console, "Faces that seem to be somebody else's", answer.Counts.Mislabelled, ["face", "enrolled as", "looks like", "to own faces", "to theirs"],
            answer.Mislabelled.Select(face => new[] { face.FaceId, face.PersonId, face.LikelyPersonId, Words.Number(face.OwnSimilarity), Words.Number(face.LikelySimilarity) }));
        Write(console, "Persons who seem to be enrolled twice", answer.Counts.Duplicates, ["person", "person", "mean", "best"], answer.Duplicates.Select(Cells));
        Write(console, "Persons who look alike", answer.Counts.LookAlikes, ["person", "person", "mean", "best"], answer.LookAlikes.Select(Cells));
        Write(
            console, "Weak photos", answer.Counts.WeakTemplates, ["face", "person", "quality", "nearest own", "reasons"],
            answer.WeakTemplates.Select(face => new[]
            {
                face.FaceId,
                face.PersonId,
                Words.Number(face.QualityScore),
                face.HasOwnSimilarity ? Words.Number(face.OwnSimilarity) : "",
                Words.Join(Words.Of(face.Reasons)),
            }));
        Write(console, "Persons with one photo", answer.Counts.SinglePhotoPersons, answer.SinglePhotoPersons);
        Write(console, "Persons without a photo", answer.Counts.EmptyPersons, answer.EmptyPersons);
        console.WriteLine(
            $"Examined {answer.FacesExamined} of {answer.FacesTotal} faces, {answer.PersonsExamined} of {answer.PersonsTotal} persons, in {answer.TotalMs / 1000:0.0} s. "
            + $"A match is {Words.Threshold(answer.MatchThreshold)}, a name {Words.Threshold(answer.NameThreshold)}.");
    }

    private static string[] Cells(PersonPair pair) =>
        [pair.PersonId, pair.OtherPersonId, Words.Number(pair.MeanSimilarity), Words.Number(pair.BestSimilarity)];

    private static void Write(IAnsiConsole console, string title, long count, string[] columns, IEnumerable<string[]> rows)
    {
        console.WriteLine($"{title}: {count}");
        if (count == 0)
        {
            return;
        }

        var table = Terminal.Table(console, columns);
        foreach (var row in rows.Take(Shown))
        {
            Terminal.Row(table, row);
        }

        console.Write(table);
        if (count > Shown)
        {
            console.WriteLine($"… the worst {Shown}; --json has more.");
        }
    }

    private static void Write(IAnsiConsole console, string title, long count, IReadOnlyList<string> persons)
    {
        var more = count > Shown ? ", …" : "";
        console.WriteLine(count == 0 ? $"{title}: 0" : $"{title}: {count} ({Words.Join(persons.Take(Shown))}{more})");
    }
}
