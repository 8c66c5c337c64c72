using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud identify PHOTO…</c></summary>
internal static class IdentifyCommand
{
    public static Command Create(CommandRunner runner)
    {
        var photos = CommonOptions.Photos();
        var gallery = CommonOptions.Gallery();
        var all = new Option<bool>("--all-faces") { Description = "Every face of a photo, not only the largest" };
        var threshold = CommonOptions.Threshold();
        var rate = CommonOptions.Rate("--max-fpir", "Chance that a stranger is named at all; the server fits the threshold to the gallery's size");
        var candidates = CommonOptions.Count("--candidates", "Show this many of the nearest persons, also below the threshold (1..100)");
        var command = new Command("identify", "Who of the enrolled is this, or nobody? (1:K) Exit code 0 named, 1 nobody or not sure, 2 the photo does not say.")
        {
            photos, gallery, all, threshold, rate, candidates,
        };
        CommonOptions.AtMostOne(command, threshold, rate);

        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var shown = parsed.GetValue(candidates);
            var options = new IdentifyOptions
            {
                AllFaces = parsed.GetValue(all),
                Threshold = parsed.GetValue(threshold),
                MaxFalsePositiveRate = parsed.GetValue(rate),
                MaxCandidates = shown,
                IncludeBelowThreshold = shown is not null,
            };
            var answers = await PhotoFiles.AskAsync(
                parsed.GetRequiredValue(photos),
                (photo, token) => client.IdentifyAsync(parsed.GetRequiredValue(gallery), FaceInput.Photo(photo), options, token),
                cancellationToken);
            return Result(answers);
        });
        return command;
    }

    private static CommandResult Result(IReadOnlyList<PhotoAnswer<IdentifyResponse>> answers)
    {
        var document = new { Photos = answers.Select(Document).ToArray() };
        return new CommandResult(answers.Max(Code), document, console =>
        {
            var table = Terminal.Table(console, "photo", "face", "outcome", "person", "similarity", "probability", "threshold", "reasons");
            foreach (var answer in answers)
            {
                AddRows(table, answer);
            }

            console.Write(table);
        });
    }

    // Of the faces of one photo the best counts: a photo in which somebody is recognised is a match.
    private static ExitCode Code(PhotoAnswer<IdentifyResponse> answer) =>
        answer.Error?.Code ?? answer.Answer!.Faces.Select(face => Code(face.Outcome)).DefaultIfEmpty(Code(answer.Answer.Outcome)).Min();

    private static ExitCode Code(IdentifyOutcome outcome) => outcome switch
    {
        IdentifyOutcome.Recognized => ExitCode.Success,
        IdentifyOutcome.NotRecognized or IdentifyOutcome.Ambiguous => ExitCode.NoMatch,
        _ => ExitCode.BadInput,
    };

    private static object Document(PhotoAnswer<IdentifyResponse> answer) =>
        answer.Error is { } error
            ? new { answer.Photo, Error = Documents.Error(error.Reason, error.Message), ExitCode = error.Code }
            : new
            {
                answer.Photo,
                Outcome = Words.Of(answer.Answer!.Outcome),
                answer.Answer.FacesFound,
                Threshold = Documents.Threshold(answer.Answer.Threshold),
                answer.Answer.EmbeddingContract,
                Faces = answer.Answer.Faces.Select(face => new
                {
                    Outcome = Words.Of(face.Outcome),
                    PersonId = Named(face)?.PersonId,
                    Face = Documents.Face(face.Face),
                    Candidates = face.Candidates.Select(candidate => new
                    {
                        candidate.PersonId,
                        candidate.Name,
                        candidate.ExternalId,
                        candidate.Similarity,
                        candidate.Distance,
                        candidate.BestFaceId,
                        candidate.AboveThreshold,
                        Probability = candidate.HasProbability ? candidate.Probability : (float?)null,
                    }).ToArray(),
                    Reasons = Words.Of(face.Reasons),
                }).ToArray(),
                Timings = Documents.Timings(answer.Answer.Timings),
                ExitCode = Code(answer),
            };

    private static Candidate? Named(IdentifiedFace face) =>
        face.Outcome == IdentifyOutcome.Recognized ? face.Candidates.FirstOrDefault() : null;

    private static void AddRows(Table table, PhotoAnswer<IdentifyResponse> answer)
    {
        if (answer.Error is { } error)
        {
            Terminal.Row(table, answer.Photo, "", "ERROR", "", "", "", "", $"{error.Reason}: {error.Message}");
            return;
        }

        var response = answer.Answer!;
        var threshold = Words.Threshold(response.Threshold);
        if (response.Faces.Count == 0)
        {
            Terminal.Row(table, answer.Photo, "", Words.Of(response.Outcome), "", "", "", threshold, "");
        }

        for (var index = 0; index < response.Faces.Count; index++)
        {
            var face = response.Faces[index];
            var rows = face.Candidates.Count == 0 ? [null] : face.Candidates.Cast<Candidate?>();
            foreach (var candidate in rows)
            {
                Terminal.Row(
                    table,
                    answer.Photo,
                    $"{index + 1}/{Math.Max(response.FacesFound, response.Faces.Count)}",
                    Words.Of(face.Outcome),
                    Label(candidate),
                    candidate is null ? "" : Words.Number(candidate.Similarity),
                    candidate is { HasProbability: true } ? Words.Number(candidate.Probability) : "",
                    threshold,
                    Words.Join(Words.Of(face.Reasons)));
            }
        }
    }

    private static string Label(Candidate? candidate) => candidate switch
    {
        null => "",
        { Name.Length: > 0 } when candidate.Name != candidate.PersonId => $"{candidate.PersonId} ({candidate.Name}){Below(candidate)}",
        _ => candidate.PersonId + Below(candidate),
    };

    private static string Below(Candidate candidate) => candidate.AboveThreshold ? "" : " [below]";
}
