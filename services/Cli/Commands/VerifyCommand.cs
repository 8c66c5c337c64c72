using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud verify PHOTO --person ID | --photo OTHER</c></summary>
internal static class VerifyCommand
{
    public static Command Create(CommandRunner runner)
    {
        var photo = new Argument<string>("photo") { Description = "The photo in question" };
        var person = new Option<string?>("--person") { Description = "Compare with this enrolled person", HelpName = "id" };
        var other = new Option<string?>("--photo") { Description = "Compare with this photo", HelpName = "file" };
        var gallery = CommonOptions.Gallery();
        var threshold = CommonOptions.Threshold();
        var rate = CommonOptions.Rate("--max-far", "Share of wrong pairs that may match; the server finds the threshold");
        var command = new Command("verify", "Is this the claimed person? (1:1) Exit code 0 yes, 1 no, 2 the photo does not say.")
        {
            photo, person, other, gallery, threshold, rate,
        };
        CommonOptions.AtMostOne(command, threshold, rate);
        CommonOptions.AtMostOne(command, person, other);
        command.Validators.Add(result =>
        {
            if (result.GetResult(person) is null && result.GetResult(other) is null)
            {
                result.AddError("Give --person ID or --photo FILE to compare with.");
            }
        });

        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var probe = FaceInput.Photo(await PhotoFiles.ReadAsync(parsed.GetRequiredValue(photo), cancellationToken));
            var options = new VerifyOptions { Threshold = parsed.GetValue(threshold), MaxFalseAcceptRate = parsed.GetValue(rate) };
            if (parsed.GetValue(other) is { } path)
            {
                var reference = FaceInput.Photo(await PhotoFiles.ReadAsync(path, cancellationToken));

                // Two photos need no gallery; one that is asked for decides by its settings.
                var settings = parsed.GetResult(gallery) is { Implicit: false } ? parsed.GetValue(gallery) : null;
                return Result(await client.VerifyAsync(probe, reference, options, settings, cancellationToken));
            }

            return Result(await client.VerifyAsync(
                parsed.GetRequiredValue(gallery), parsed.GetRequiredValue(person)!, probe, options, cancellationToken));
        });
        return command;
    }

    private static CommandResult Result(VerifyResponse answer)
    {
        var code = answer.Outcome switch
        {
            VerifyOutcome.Match => ExitCode.Success,
            VerifyOutcome.NoMatch => ExitCode.NoMatch,
            _ => ExitCode.BadInput,
        };
        var compared = answer.Outcome is VerifyOutcome.Match or VerifyOutcome.NoMatch;
        var document = new
        {
            Outcome = Words.Of(answer.Outcome),
            answer.Matched,
            Similarity = compared ? answer.Similarity : (float?)null,
            Distance = compared ? answer.Distance : (float?)null,
            Probability = answer.HasProbability ? answer.Probability : (float?)null,
            Threshold = Documents.Threshold(answer.Threshold),
            answer.EmbeddingContract,
            BestFaceId = answer.BestFaceId.Length > 0 ? answer.BestFaceId : null,
            ProbeFace = Documents.Face(answer.ProbeFace),
            Reasons = Words.Of(answer.Reasons),
            Timings = Documents.Timings(answer.Timings),
        };
        return new CommandResult(code, document, console =>
        {
            var table = Terminal.Table(console, "outcome", "similarity", "probability", "threshold", "reasons");
            Terminal.Row(
                table,
                Words.Of(answer.Outcome),
                compared ? Words.Number(answer.Similarity) : "",
                answer.HasProbability ? Words.Number(answer.Probability) : "",
                Words.Threshold(answer.Threshold),
                Words.Join(Words.Of(answer.Reasons)));
            console.Write(table);
        });
    }
}
