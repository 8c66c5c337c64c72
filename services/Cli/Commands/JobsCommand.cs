using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud jobs list | show | items | watch | pause | resume | cancel | retry | report</c></summary>
internal static class JobsCommand
{
    public static Command Create(CommandRunner runner) =>
        new("jobs", "Bulk enrolments")
        {
            List(runner),
            Show(runner),
            Items(runner),
            Watch(runner),
            Control(runner, "pause", "The job goes on taking photos but sends none on, until it is resumed", (client, id, token) => client.PauseJobAsync(id, token)),
            Control(runner, "resume", "A paused job goes on", (client, id, token) => client.ResumeJobAsync(id, token)),
            Control(runner, "cancel", "Ends the job for good: what has no outcome is CANCELLED", (client, id, token) => client.CancelJobAsync(id, token)),
            Retry(runner),
            JobReportCommand.Create(runner),
        };

    private static Command List(CommandRunner runner)
    {
        var most = CommonOptions.Count("--limit", "At most this many, newest first; default 20");
        var command = new Command("list", "Jobs, newest first") { most };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var limit = parsed.GetValue(most) ?? 20;
            var jobs = await AsyncEnumerable.Take(client.ListJobsAsync(Math.Min(limit, 1000), cancellationToken), limit).ToListAsync(cancellationToken);
            return new CommandResult(
                ExitCode.Success, new { Jobs = jobs.Select(Documents.Job).ToArray() }, console => console.Write(Table(console, jobs)));
        });
        return command;
    }

    private static Command Show(CommandRunner runner)
    {
        var id = CommonOptions.Id("job");
        var command = new Command("show", "One job with its counts") { id };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
            One(await client.GetJobAsync(parsed.GetRequiredValue(id), cancellationToken)));
        return command;
    }

    private static Command Items(CommandRunner runner)
    {
        var id = CommonOptions.Id("job");
        var outcome = new Option<string?>("--outcome")
        {
            Description = "Only these: enrolled, duplicate, rejected_quality, no_face, failed or cancelled",
            HelpName = "outcome",
        };
        outcome.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } word && Outcome(word) is null)
            {
                result.AddError($"'{word}' is no outcome; give enrolled, duplicate, rejected_quality, no_face, failed or cancelled.");
            }
        });
        var pending = new Option<bool>("--pending") { Description = "Only photos without an outcome" };
        var reason = new Option<string?>("--reason") { Description = "Only photos that failed of this, such as GALLERY_NOT_FOUND", HelpName = "reason" };
        var person = new Option<string?>("--person") { Description = "Only photos of this person", HelpName = "id" };
        var command = new Command("items", "Every photo of a job with its outcome") { id, outcome, pending, reason, person };
        CommonOptions.AtMostOne(command, outcome, pending);
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var filter = new ItemFilter
            {
                Outcome = parsed.GetValue(outcome) is { } word ? Outcome(word)!.Value : EnrolOutcome.Unspecified,
                State = parsed.GetValue(pending) ? ItemState.Accepted : ItemState.Unspecified,
                ErrorReason = parsed.GetValue(reason) ?? "",
                PersonId = parsed.GetValue(person) ?? "",
            };
            var items = await client.ListItemsAsync(parsed.GetRequiredValue(id), filter, 1000, cancellationToken).ToListAsync(cancellationToken);
            return new CommandResult(ExitCode.Success, new { Items = items.Select(Documents.Item).ToArray() }, console =>
            {
                var table = Terminal.Table(console, "photo", "person", "outcome", "reasons", "message");
                foreach (var item in items)
                {
                    Terminal.Row(
                        table,
                        item.Source,
                        item.PersonId,
                        item.State == ItemState.Finished ? Words.Of(item.Outcome) : Words.Of(item.State),
                        Words.Join(Documents.ItemReasons(item)),
                        item.Message);
                }

                console.Write(table);
            });
        });
        return command;
    }

    private static Command Control(
        CommandRunner runner, string verb, string description, Func<FaceCloudClient, string, CancellationToken, Task<Job>> change)
    {
        var id = CommonOptions.Id("job");
        var command = new Command(verb, description) { id };
        runner.SetAction(command, async (parsed, client, cancellationToken) => One(await change(client, parsed.GetRequiredValue(id), cancellationToken)));
        return command;
    }

    private static Command Retry(CommandRunner runner)
    {
        var id = CommonOptions.Id("job");
        var items = new Option<string[]>("--item")
        {
            Description = "Only these items, whatever they failed of; default: all whose failure may heal",
            HelpName = "id",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("retry", "Sends failed photos again, as long as the server still has them (a day by default)") { id, items };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var answer = await client.RetryItemsAsync(parsed.GetRequiredValue(id), parsed.GetValue(items), cancellationToken);
            return new CommandResult(ExitCode.Success, new { answer.Retried, Job = Documents.Job(answer.Job) }, console =>
            {
                console.WriteLine(answer.Retried == 1 ? "1 photo is tried again." : $"{answer.Retried} photos are tried again.");
                Write(console, answer.Job);
            });
        });
        return command;
    }

    private static Command Watch(CommandRunner runner)
    {
        var id = CommonOptions.Id("job");
        var command = new Command("watch", "Waits until every photo of a job has its outcome") { id };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var jobId = parsed.GetRequiredValue(id);
            if (runner.Progress(parsed) is not { } terminal)
            {
                return One(await client.WatchJobAsync(jobId, cancellationToken).LastAsync(cancellationToken));
            }

            var last = await terminal.Console.Progress().StartAsync(async progress =>
            {
                var bar = progress.AddTask("outcomes");
                return await FollowAsync(client, jobId, bar, cancellationToken);
            });
            return One(last);
        });
        return command;
    }

    /// <summary>Moves a progress bar until the job is completed.</summary>
    public static async Task<Job> FollowAsync(FaceCloudClient client, string jobId, ProgressTask? bar, CancellationToken cancellationToken)
    {
        Job? last = null;
        await foreach (var job in client.WatchJobAsync(jobId, cancellationToken))
        {
            last = job;
            if (bar is not null && job.Counts is { } counts)
            {
                bar.MaxValue = Math.Max(bar.MaxValue, Math.Max(1, counts.Accepted));
                bar.Value = counts.Accepted - counts.Pending;
            }
        }

        return last ?? await client.GetJobAsync(jobId, cancellationToken);
    }

    private static CommandResult One(Job job) =>
        new(ExitCode.Success, new { Job = Documents.Job(job) }, console => Write(console, job));

    private static void Write(IAnsiConsole console, Job job)
    {
        console.Write(Table(console, [job]));
        if (job.Counts?.Reasons.Count > 0)
        {
            var table = Terminal.Table(console, "reason", "photos");
            foreach (var (reason, count) in job.Counts.Reasons.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal))
            {
                Terminal.Row(table, reason, $"{count}");
            }

            console.Write(table);
        }
    }

    private static Table Table(IAnsiConsole console, IEnumerable<Job> jobs)
    {
        var table = Terminal.Table(
            console, "job", "gallery", "state", "accepted", "pending", "enrolled", "duplicate", "rejected", "no face", "failed", "cancelled", "photos/s", "left", "since");
        foreach (var job in jobs)
        {
            var counts = job.Counts ?? new JobCounts();
            Terminal.Row(
                table,
                job.JobId,
                job.GalleryId,
                job.Paused ? $"{Words.Of(job.State)}, paused" : Words.Of(job.State),
                $"{counts.Accepted}",
                $"{counts.Pending}",
                $"{counts.Enrolled}",
                $"{counts.Duplicate}",
                $"{counts.RejectedQuality}",
                $"{counts.NoFace}",
                $"{counts.Failed}",
                $"{counts.Cancelled}",
                $"{(job.RecentItemsPerSecond > 0 ? job.RecentItemsPerSecond : job.ItemsPerSecond):0.0}",
                job.Remaining is null ? "" : $"{job.Remaining.ToTimeSpan():d\\.hh\\:mm\\:ss}",
                Words.Time(job.CreatedAt));
        }

        return table;
    }

    private static EnrolOutcome? Outcome(string word) =>
        Enum.GetValues<EnrolOutcome>()
            .Where(outcome => outcome != EnrolOutcome.Unspecified)
            .Cast<EnrolOutcome?>()
            .FirstOrDefault(outcome => Words.Of(outcome!.Value).Equals(word.Replace('-', '_'), StringComparison.OrdinalIgnoreCase));
}
