using System.CommandLine;
using FaceCloud.Cli.Demo;
using FaceCloud.Cli.Output;
using FaceCloud.Protos.Gallery.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud demo</c></summary>
internal static class DemoCommand
{
    public static Command Create(CommandRunner runner)
    {
        var samples = new Option<string>("--samples")
        {
            Description = "Folder with people/<person>/*, strangers/* and groups/*",
            HelpName = "folder",
            DefaultValueFactory = _ => SampleFolder.Shipped,
        };
        var keep = new Option<bool>("--keep") { Description = "Leaves the gallery for a look around; without it nothing stays behind" };
        var command = new Command("demo", "Enrols one photo each of fictional people, then identifies, verifies and refuses strangers. Exit code 0 when nobody was taken for another.")
        {
            samples, keep,
        };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var folder = SampleFolder.Read(parsed.GetRequiredValue(samples));
            var gallery = Demonstration.NewGalleryId();
            try
            {
                var report = await new Demonstration(client, folder, gallery).RunAsync(cancellationToken);
                return Result(report, parsed.GetValue(keep) ? gallery : null);
            }
            finally
            {
                if (!parsed.GetValue(keep))
                {
                    // Also after a failure half-way, but it must not hide that failure.
                    await RemoveAsync(client, gallery);
                }
            }
        });
        return command;
    }

    private static async Task RemoveAsync(Client.FaceCloudClient client, string gallery)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await client.DeleteGalleryAsync(gallery, timeout.Token);
        }
        catch (Client.FaceCloudException exception) when (exception.Status is Grpc.Core.StatusCode.NotFound or Grpc.Core.StatusCode.Unavailable)
        {
            // Never made, or no server to ask: the failure before it is what the user needs to read.
        }
    }

    private static CommandResult Result(DemonstrationReport report, string? keptGallery)
    {
        var enrolled = report.Enrolment.Items.Count(item => item.Outcome is EnrolOutcome.Enrolled or EnrolOutcome.Duplicate);
        var document = new
        {
            Enrolled = enrolled,
            Gallery = keptGallery,
            Identified = report.Identified.Concat(report.Groups).Select(i => new
            {
                Photo = i.Photo.Name,
                i.Photo.Person,
                Outcome = Words.Of(i.Answer.Outcome),
                i.Named,
                Threshold = Documents.Threshold(i.Answer.Threshold),
                Faces = i.Answer.Faces.Select(face => new
                {
                    Outcome = Words.Of(face.Outcome),
                    Nearest = face.Candidates.FirstOrDefault()?.PersonId,
                    face.Candidates.FirstOrDefault()?.Similarity,
                }).ToArray(),
            }).ToArray(),
            Verified = report.Verified.Select(v => new
            {
                Photo = v.Photo.Name,
                v.Claimed,
                Outcome = Words.Of(v.Answer.Outcome),
                v.Answer.Similarity,
                Probability = v.Answer.HasProbability ? v.Answer.Probability : (float?)null,
            }).ToArray(),
            Summary = Summary(report, enrolled),
        };
        return new CommandResult(report.IsGood ? ExitCode.Success : ExitCode.NoMatch, document, console =>
        {
            WriteIdentified(console, report);
            WriteVerified(console, report);
            foreach (var line in Summary(report, enrolled))
            {
                console.WriteLine(line);
            }

            if (keptGallery is not null)
            {
                console.WriteLine($"The gallery stays: facecloud people list --gallery {keptGallery}");
            }
        });
    }

    private static void WriteIdentified(IAnsiConsole console, DemonstrationReport report)
    {
        var table = Terminal.Table(console, "identify (1:K)", "outcome", "person", "similarity", "threshold", "");
        foreach (var answer in report.Identified)
        {
            Terminal.Row(
                table,
                answer.Photo.Name,
                Words.Of(answer.Answer.Outcome),
                answer.Named ?? $"nobody{(answer.Nearest is { } nearest ? $" (nearest {nearest.PersonId})" : "")}",
                answer.Nearest is { } candidate ? Words.Number(candidate.Similarity) : "",
                Words.Number(answer.Answer.Threshold?.Value ?? 0),
                answer.IsRight ? "right" : answer.IsWrong ? "WRONG" : "missed");
        }

        foreach (var group in report.Groups)
        {
            foreach (var (face, i) in group.Answer.Faces.Select((face, i) => (face, i)))
            {
                var nearest = face.Candidates.FirstOrDefault();
                Terminal.Row(
                    table,
                    $"{group.Photo.Name} {i + 1}/{group.Answer.Faces.Count}",
                    Words.Of(face.Outcome),
                    face.Outcome == IdentifyOutcome.Recognized ? nearest!.PersonId : "nobody",
                    nearest is null ? "" : Words.Number(nearest.Similarity),
                    Words.Number(group.Answer.Threshold?.Value ?? 0),
                    "");
            }
        }

        console.Write(table);
    }

    private static void WriteVerified(IAnsiConsole console, DemonstrationReport report)
    {
        var table = Terminal.Table(console, "verify (1:1)", "claims to be", "outcome", "similarity", "threshold", "probability");
        foreach (var claim in report.Verified)
        {
            Terminal.Row(
                table,
                claim.Photo.Name,
                claim.Claimed,
                Words.Of(claim.Answer.Outcome),
                Words.Number(claim.Answer.Similarity),
                Words.Number(claim.Answer.Threshold?.Value ?? 0),
                claim.Answer.HasProbability ? Words.Number(claim.Answer.Probability) : "");
        }

        console.Write(table);
    }

    private static string[] Summary(DemonstrationReport report, int enrolled)
    {
        var (probes, strangers) = (report.Probes.ToArray(), report.Strangers.ToArray());
        var (genuine, impostors) = (report.Verified.Where(v => v.IsGenuine).ToArray(), report.Verified.Where(v => !v.IsGenuine).ToArray());
        return
        [
            $"Enrolled through the queue: {enrolled} of {report.Enrolment.Folder.Photos.Count} persons, one photo each.",
            $"Identified: {probes.Count(i => i.IsRight)} of {probes.Length} probes named rightly, {probes.Count(i => i.IsWrong)} wrongly; {strangers.Count(i => i.IsWrong)} of {strangers.Length} strangers given a name.",
            $"Verified: {genuine.Count(v => v.Answer.Matched)} of {genuine.Length} true claims accepted, {impostors.Count(v => v.Answer.Matched)} of {impostors.Length} false ones.",
        ];
    }
}
