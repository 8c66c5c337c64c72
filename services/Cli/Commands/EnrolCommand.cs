using System.CommandLine;
using FaceCloud.Cli.Enrolment;
using FaceCloud.Cli.Manifests;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud enrol FOLDER|MANIFEST</c></summary>
internal static class EnrolCommand
{
    // Beyond this the table is of no use to a reader; the JSON document and `jobs items` have them all.
    private const int ProblemsShown = 50;

    public static Command Create(CommandRunner runner)
    {
        var folder = new Argument<string>("source")
        {
            Description = "A folder with one folder a person (with --person: the photos of that person), or a manifest: .csv, .tsv, .jsonl or .ndjson",
        };
        var gallery = CommonOptions.Gallery();
        gallery.Description = "Id of the gallery; made when there is none";
        var person = new Option<string?>("--person") { Description = "All photos of the folder are of this person", HelpName = "id" };
        var limit = CommonOptions.Count("--photo-limit", "Only the first photos of each person, by file name");
        var faces = CommonOptions.Count("--max-faces", "Faces that a photo may show; default 1, the largest is enrolled");
        var quality = CommonOptions.Share("--min-quality", "Quality score asked of a face, in place of the gallery's gate; 0 takes every face");
        var onDuplicate = CommonOptions.Word<OnDuplicate>("--on-duplicate", "A person who has faces already");
        var priority = CommonOptions.Word<JobPriority>("--priority", "Photos of jobs of a lower priority wait for those of a higher");
        var job = new Option<string?>("--job") { Description = "Id of the job; with that of an open job its photos are added to it, and those it has stay", HelpName = "id" };
        var rejected = new Option<string?>("--rejected") { Description = "With a manifest: CSV file for the rows that became no photos of the job", HelpName = "file" };
        var command = new Command("enrol", "Enrols a folder of photos, or a manifest, through the queue and reports the outcome of every photo. Exit code 0 when all are enrolled.")
        {
            folder, gallery, person, limit, faces, quality, onDuplicate, priority, job, rejected,
        };

        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var options = new JobOptions
            {
                JobId = parsed.GetValue(job),
                MaxFaces = parsed.GetValue(faces),
                MinQuality = parsed.GetValue(quality),
                OnDuplicate = parsed.GetValue(onDuplicate),
                Priority = parsed.GetValue(priority),
            };
            var source = parsed.GetRequiredValue(folder);
            if (Manifest.IsManifest(source) && !Directory.Exists(source))
            {
                return await EnrolAsync(runner, parsed, client, Manifest.Open(source), parsed.GetRequiredValue(gallery), options, parsed.GetValue(rejected), cancellationToken);
            }

            var photos = EnrolmentFolder.Read(source, parsed.GetValue(person), parsed.GetValue(limit));
            var enrolment = new FolderEnrolment(client, parsed.GetRequiredValue(gallery), options, TimeProvider.System);
            if (runner.Progress(parsed) is not { } terminal)
            {
                return Result(await enrolment.RunAsync(photos, null, null, cancellationToken));
            }

            var report = await terminal.Console.Progress().StartAsync(progress =>
            {
                var sent = progress.AddTask("sent", maxValue: photos.Photos.Count);
                var done = progress.AddTask("outcomes", maxValue: photos.Photos.Count);
                return enrolment.RunAsync(photos, sent, done, cancellationToken);
            });
            return Result(report);
        });
        return command;
    }

    private static async Task<CommandResult> EnrolAsync(
        CommandRunner runner,
        ParseResult parsed,
        FaceCloudClient client,
        Manifest manifest,
        string galleryId,
        JobOptions options,
        string? rejectedFile,
        CancellationToken cancellationToken)
    {
        // Whatever ends the command, the rows that were rejected so far stand in the file.
        await using var file = rejectedFile is null ? null : NewFile.CreateText(rejectedFile);
        file?.WriteLine(RejectedRows.Header);
        var enrolment = new ManifestEnrolment(client, galleryId, options, new RejectedRows(file), TimeProvider.System);
        if (runner.Progress(parsed) is not { } terminal)
        {
            return ManifestResult.Of(await enrolment.RunAsync(manifest, null, null, cancellationToken));
        }

        return ManifestResult.Of(await terminal.Console.Progress().StartAsync(progress =>
            enrolment.RunAsync(manifest, progress.AddTask("rows"), progress.AddTask("outcomes"), cancellationToken)));
    }

    private static CommandResult Result(EnrolmentReport report)
    {
        var outcomes = report.Items.CountBy(item => item.Outcome).ToDictionary();
        var problems = Problems(report).ToArray();
        var reasons = problems.SelectMany(problem => problem.Reasons).CountBy(reason => reason)
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).ToArray();
        var document = new
        {
            report.Job.JobId,
            report.Job.GalleryId,
            report.GalleryCreated,
            report.Folder.Persons,
            Photos = report.Folder.Photos.Count,
            report.Folder.OtherFiles,
            Outcomes = new
            {
                Enrolled = Count(EnrolOutcome.Enrolled),
                Duplicate = Count(EnrolOutcome.Duplicate),
                RejectedQuality = Count(EnrolOutcome.RejectedQuality),
                NoFace = Count(EnrolOutcome.NoFace),
                Failed = Count(EnrolOutcome.Failed),
                Cancelled = Count(EnrolOutcome.Cancelled),
                Refused = report.RefusedCount,
                Unreadable = report.Unreadable.Count,
            },
            Reasons = reasons.ToDictionary(),
            NotEnrolled = problems,
            Seconds = Math.Round(report.Elapsed.TotalSeconds, 3),
            PhotosPerSecond = Math.Round(report.PhotosPerSecond, 2),
        };
        return new CommandResult(problems.Length == 0 && report.RefusedCount == 0 ? ExitCode.Success : ExitCode.BadInput, document, console =>
        {
            WriteProblems(console, report, problems);
            var table = Terminal.Table(console, "outcome", "photos");
            foreach (var outcome in Enum.GetValues<EnrolOutcome>().Where(outcome => Count(outcome) > 0))
            {
                Terminal.Row(table, Words.Of(outcome), $"{Count(outcome)}");
            }

            AddIfAny(table, "REFUSED", report.RefusedCount);
            AddIfAny(table, "UNREADABLE", report.Unreadable.Count);
            Terminal.Row(table, "total", $"{report.Folder.Photos.Count}");
            console.Write(table);
            WriteReasons(console, reasons);
            console.WriteLine(
                $"{report.Folder.Persons} persons into gallery {report.Job.GalleryId}{(report.GalleryCreated ? " (new)" : "")} by job {report.Job.JobId}: "
                + $"{report.Items.Count} photos in {report.Elapsed.TotalSeconds:0.0} s, {report.PhotosPerSecond:0.0} photos/s.");
            if (report.Folder.OtherFiles > 0)
            {
                console.WriteLine($"{report.Folder.OtherFiles} other files were left out: not photos by their names, or not in a person's folder.");
            }
        });

        int Count(EnrolOutcome outcome) => outcomes.GetValueOrDefault(outcome);
    }

    private static IEnumerable<Problem> Problems(EnrolmentReport report) =>
    [
        .. report.Items
            .Where(item => item.Outcome is not (EnrolOutcome.Enrolled or EnrolOutcome.Duplicate))
            .OrderBy(item => item.Source, StringComparer.Ordinal)
            .Select(item => new Problem(item.Source, item.PersonId, Words.Of(item.Outcome), Documents.ItemReasons(item), item.Message)),
        .. report.Refused.Select(photo => new Problem(photo.Source, null, "REFUSED", [photo.Reason], photo.Message)),
        .. report.Unreadable.Select(entry =>
            new Problem(entry.Photo.Source, entry.Photo.PersonId, "UNREADABLE", [Reasons.FileUnreadable], entry.Message)),
    ];

    private static void WriteProblems(IAnsiConsole console, EnrolmentReport report, Problem[] problems)
    {
        if (problems.Length == 0)
        {
            return;
        }

        var table = Terminal.Table(console, "photo", "outcome", "reasons", "message");
        foreach (var problem in problems.Take(ProblemsShown))
        {
            Terminal.Row(table, problem.Photo, problem.Outcome, Words.Join(problem.Reasons), problem.Message);
        }

        console.Write(table);
        if (problems.Length > ProblemsShown)
        {
            console.WriteLine($"… and {problems.Length - ProblemsShown} more: facecloud jobs items {report.Job.JobId}");
        }
    }

    private static void WriteReasons(IAnsiConsole console, KeyValuePair<string, int>[] reasons)
    {
        if (reasons.Length == 0)
        {
            return;
        }

        var table = Terminal.Table(console, "reason", "photos");
        foreach (var (reason, count) in reasons)
        {
            Terminal.Row(table, reason, $"{count}");
        }

        console.Write(table);
    }

    private static void AddIfAny(Table table, string outcome, long count)
    {
        if (count > 0)
        {
            Terminal.Row(table, outcome, $"{count}");
        }
    }

    private sealed record Problem(string Photo, string? PersonId, string Outcome, string[] Reasons, string Message);
}
