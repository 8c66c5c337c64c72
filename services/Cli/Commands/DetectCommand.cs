using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Protos.Gallery.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud detect PHOTO…</c></summary>
internal static class DetectCommand
{
    public static Command Create(CommandRunner runner)
    {
        var photos = CommonOptions.Photos();
        var most = CommonOptions.Count("--max-faces", "List at most this many faces, largest first");
        var command = new Command("detect", "Finds faces and says how good they are; nothing is stored. Exit code 2 when a photo shows no face.") { photos, most };

        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var answers = await PhotoFiles.AskAsync(
                parsed.GetRequiredValue(photos), (photo, token) => client.DetectAsync(photo, parsed.GetValue(most), token), cancellationToken);
            return Result(answers);
        });
        return command;
    }

    private static CommandResult Result(IReadOnlyList<PhotoAnswer<DetectResponse>> answers)
    {
        var document = new { Photos = answers.Select(Document).ToArray() };
        return new CommandResult(answers.Max(Code), document, console =>
        {
            var table = Terminal.Table(console, "photo", "face", "box", "confidence", "quality", "for recognition", "reasons");
            foreach (var answer in answers)
            {
                AddRows(table, answer);
            }

            console.Write(table);
        });
    }

    private static ExitCode Code(PhotoAnswer<DetectResponse> answer) =>
        answer.Error?.Code ?? (answer.Answer!.FacesFound > 0 ? ExitCode.Success : ExitCode.BadInput);

    private static object Document(PhotoAnswer<DetectResponse> answer) =>
        answer.Error is { } error
            ? new { answer.Photo, Error = Documents.Error(error.Reason, error.Message), ExitCode = error.Code }
            : new
            {
                answer.Photo,
                Width = answer.Answer!.PhotoWidth,
                Height = answer.Answer.PhotoHeight,
                answer.Answer.FacesFound,
                Faces = answer.Answer.Faces.Select(Documents.Face).ToArray(),
                Timings = Documents.Timings(answer.Answer.Timings),
                ExitCode = Code(answer),
            };

    private static void AddRows(Table table, PhotoAnswer<DetectResponse> answer)
    {
        if (answer.Error is { } error)
        {
            Terminal.Row(table, answer.Photo, "", "", "", "", "", $"{error.Reason}: {error.Message}");
            return;
        }

        var response = answer.Answer!;
        if (response.Faces.Count == 0)
        {
            Terminal.Row(table, answer.Photo, $"0/{response.FacesFound}", "", "", "", "", "NO_FACE");
        }

        for (var index = 0; index < response.Faces.Count; index++)
        {
            var face = response.Faces[index];
            Terminal.Row(
                table,
                answer.Photo,
                $"{index + 1}/{response.FacesFound}",
                Words.Box(face.Box),
                Words.Number(face.Confidence),
                Words.Number(face.Quality?.Score ?? 0),
                Words.Of(face.Quality?.ForRecognition ?? RecognitionQuality.Unspecified),
                Words.Join(Words.Of(face.Quality?.Reasons ?? [])));
        }
    }
}
