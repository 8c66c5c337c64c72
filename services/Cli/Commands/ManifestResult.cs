using FaceCloud.Cli.Manifests;
using FaceCloud.Cli.Output;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary>The answer of <c>facecloud enrol MANIFEST</c>.</summary>
internal static class ManifestResult
{
    private const int ProblemsShown = 50;

    public static CommandResult Of(ManifestReport report)
    {
        var counts = report.Job.Counts;
        var reasons = counts.Reasons.Concat(report.Rejected.Reasons)
            .GroupBy(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, group.Sum()))
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .ToArray();
        var document = new
        {
            report.Job.JobId,
            report.Job.GalleryId,
            report.GalleryCreated,
            report.Manifest,
            report.Rows,
            Outcomes = new
            {
                counts.Enrolled,
                counts.Duplicate,
                counts.RejectedQuality,
                counts.NoFace,
                counts.Failed,
                counts.Cancelled,
                Rejected = report.Rejected.Count,
            },
            Reasons = reasons.ToDictionary(),
            NotEnrolled = report.NotEnrolled.Select(item => new
            {
                Photo = item.Source,
                item.PersonId,
                Outcome = Words.Of(item.Outcome),
                Reasons = Documents.ItemReasons(item),
                item.Message,
            }).ToArray(),
            NotEnrolledOmitted = report.NotEnrolledCount - report.NotEnrolled.Count,
            Rejected = report.Rejected.First.Select(row => new { row.Line, Photo = row.Place, row.PersonId, row.Reason, row.Message }).ToArray(),
            RejectedOmitted = report.Rejected.Count - report.Rejected.First.Count,
            Seconds = Math.Round(report.Elapsed.TotalSeconds, 3),
            PhotosPerSecond = Math.Round(report.PhotosPerSecond, 2),
        };
        var isGood = report.NotEnrolledCount == 0 && report.Rejected.Count == 0;
        return new CommandResult(isGood ? ExitCode.Success : ExitCode.BadInput, document, console => Render(console, report, reasons));
    }

    private static void Render(IAnsiConsole console, ManifestReport report, KeyValuePair<string, long>[] reasons)
    {
        var counts = report.Job.Counts;
        WriteRows(console, report);
        var table = Terminal.Table(console, "outcome", "rows");
        foreach (var (outcome, count) in new[]
        {
            ("ENROLLED", counts.Enrolled), ("DUPLICATE", counts.Duplicate), ("REJECTED_QUALITY", counts.RejectedQuality), ("NO_FACE", counts.NoFace),
            ("FAILED", counts.Failed), ("CANCELLED", counts.Cancelled), ("REJECTED", report.Rejected.Count), ("total", report.Rows),
        })
        {
            if (count > 0)
            {
                Terminal.Row(table, outcome, $"{count}");
            }
        }

        console.Write(table);
        if (reasons.Length > 0)
        {
            var why = Terminal.Table(console, "reason", "rows");
            foreach (var (reason, count) in reasons)
            {
                Terminal.Row(why, reason, $"{count}");
            }

            console.Write(why);
        }

        console.WriteLine(
            $"{report.Rows} rows into gallery {report.Job.GalleryId}{(report.GalleryCreated ? " (new)" : "")} by job {report.Job.JobId}: "
            + $"{counts.Accepted} photos in {report.Elapsed.TotalSeconds:0.0} s, {report.PhotosPerSecond:0.0} photos/s.");
    }

    private static void WriteRows(IAnsiConsole console, ManifestReport report)
    {
        if (report.Rejected.Count > 0)
        {
            var table = Terminal.Table(console, "line", "photo", "reason", "message");
            foreach (var row in report.Rejected.First.Take(ProblemsShown))
            {
                Terminal.Row(table, $"{row.Line}", row.Place, row.Reason, row.Message);
            }

            console.Write(table);
            if (report.Rejected.Count > ProblemsShown)
            {
                console.WriteLine($"… and {report.Rejected.Count - ProblemsShown} more: --rejected FILE writes them all.");
            }
        }

        if (report.NotEnrolledCount > 0)
        {
            var table = Terminal.Table(console, "photo", "outcome", "reasons", "message");
            foreach (var item in report.NotEnrolled.Take(ProblemsShown))
            {
                Terminal.Row(table, item.Source, Words.Of(item.Outcome), Words.Join(Documents.ItemReasons(item)), item.Message);
            }

            console.Write(table);
            if (report.NotEnrolledCount > ProblemsShown)
            {
                console.WriteLine($"… and {report.NotEnrolledCount - ProblemsShown} more: facecloud jobs report {report.Job.JobId} report.csv");
            }
        }
    }
}
