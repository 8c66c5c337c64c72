using System.CommandLine;
using FaceCloud.Cli.DeadLetters;
using FaceCloud.Cli.Output;
using FaceCloud.Contracts;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud queue list | peek | replay | purge</c>: dead letters, over AMQP.</summary>
internal static class QueueCommand
{
    public const string BrokerVariable = "FACECLOUD_BROKER";

    private const string ServiceVariable = "ConnectionStrings__rabbitmq";
    private const string LocalBroker = "amqp://guest:guest@localhost:5672";
    private const int DefaultLimit = 20;

    private static readonly string[] Columns = ["queue", "failed at", "reason", "message", "job", "item"];

    public static Command Create(CommandRunner runner)
    {
        var broker = new Option<string?>("--broker")
        {
            Description = $"AMQP address of the broker; default: {BrokerVariable}, else {ServiceVariable}, else {LocalBroker}",
            HelpName = "address",
            Recursive = true,
        };
        return new Command("queue", "Dead letters: messages that a service could not do or read") { broker, List(runner, broker), Peek(runner, broker), Replay(runner, broker), Purge(runner, broker) };
    }

    private static Command List(CommandRunner runner, Option<string?> broker)
    {
        var command = new Command("list", "Every queue: what waits, who consumes, dead letters");
        SetAction(runner, command, broker, async (_, connection, cancellationToken) =>
        {
            var rows = new List<QueueRow>();
            foreach (var queue in DeadLetterBroker.AllQueues)
            {
                var there = await connection.CountAsync(queue, cancellationToken);
                var failed = await connection.CountAsync(queue + Queues.ErrorSuffix, cancellationToken);
                var skipped = await connection.CountAsync(queue + Queues.SkippedSuffix, cancellationToken);
                rows.Add(new QueueRow(queue, there is not null, there?.Messages ?? 0, there?.Consumers ?? 0, failed?.Messages ?? 0, skipped?.Messages ?? 0));
            }

            return new CommandResult(ExitCode.Success, new { Queues = rows }, console =>
            {
                var table = Terminal.Table(console, "queue", "waiting", "consumers", "failed", "skipped");
                foreach (var row in rows)
                {
                    Terminal.Row(table, row.Queue, row.Exists ? $"{row.Messages}" : "not there yet", $"{row.Consumers}", $"{row.Failed}", $"{row.Skipped}");
                }

                console.Write(table);
            });
        });
        return command;
    }

    private static Command Peek(CommandRunner runner, Option<string?> broker)
    {
        var (queue, limit) = (Queue(), CommonOptions.Count("--limit", $"At most this many a queue, oldest first; default {DefaultLimit}"));
        var body = new Option<bool>("--body") { Description = "Show the messages too: they name persons, and may hold photos" };
        var command = new Command("peek", "Shows dead letters and leaves them where they are") { queue, limit, body };
        SetAction(runner, command, broker, async (parsed, connection, cancellationToken) =>
        {
            var letters = new List<DeadLetter>();
            foreach (var name in Chosen(parsed.GetValue(queue)))
            {
                letters.AddRange(await connection.PeekAsync(name, parsed.GetValue(limit) ?? DefaultLimit, cancellationToken));
            }

            var withBody = parsed.GetValue(body);
            return new CommandResult(ExitCode.Success, new { DeadLetters = letters.Select(letter => Document(letter, withBody)).ToArray() }, console =>
            {
                var table = Terminal.Table(console, withBody ? [.. Columns, "body"] : Columns);
                foreach (var letter in letters)
                {
                    string[] cells = [letter.Queue, letter.FailedAt ?? "", letter.Reason ?? "", letter.MessageType ?? "", letter.JobId ?? "", letter.ItemId ?? ""];
                    Terminal.Row(table, withBody ? [.. cells, letter.Body] : cells);
                }

                console.Write(table);
            });
        });
        return command;
    }

    private static Command Replay(CommandRunner runner, Option<string?> broker)
    {
        var (queue, limit) = (Queue(), CommonOptions.Count("--limit", "At most this many a queue, oldest first; default all"));
        var ended = new Option<bool>("--include-ended") { Description = "Also those whose item has ended as FAILED for it: its face may be enrolled, its outcome stays" };
        var command = new Command("replay", "Sends dead letters to their queue again, once each") { queue, limit, ended };
        SetAction(runner, command, broker, async (parsed, connection, cancellationToken) =>
        {
            var rows = new List<ReplayRow>();
            foreach (var name in Chosen(parsed.GetValue(queue)))
            {
                var (replayed, left) = await connection.ReplayAsync(name, parsed.GetValue(limit) ?? int.MaxValue, parsed.GetValue(ended), cancellationToken);
                rows.Add(new ReplayRow(name, replayed, left));
            }

            var json = new { Replayed = rows.Sum(row => row.Replayed), Ended = rows.Sum(row => row.Ended), Queues = rows };
            return new CommandResult(ExitCode.Success, json, console =>
            {
                var table = Terminal.Table(console, "queue", "sent again", "left, item has ended");
                rows.ForEach(row => Terminal.Row(table, row.Queue, $"{row.Replayed}", $"{row.Ended}"));
                console.Write(table);
            });
        });
        return command;
    }

    private static Command Purge(CommandRunner runner, Option<string?> broker)
    {
        var (queue, limit) = (Queue(), CommonOptions.Count("--limit", "At most this many a queue, oldest first; default all"));
        var yes = new Option<bool>("--yes") { Description = "They are gone then; nothing is deleted without this" };
        var command = new Command("purge", "Deletes dead letters") { queue, limit, yes };
        SetAction(runner, command, broker, async (parsed, connection, cancellationToken) =>
        {
            if (!parsed.GetValue(yes))
            {
                throw new InputException(Reasons.Usage, "Dead letters that are purged are gone; give --yes.");
            }

            var rows = new List<PurgeRow>();
            foreach (var name in Chosen(parsed.GetValue(queue)))
            {
                rows.Add(new PurgeRow(name, await connection.PurgeAsync(name, parsed.GetValue(limit) ?? int.MaxValue, cancellationToken)));
            }

            return new CommandResult(ExitCode.Success, new { Purged = rows.Sum(row => row.Purged), Queues = rows }, console =>
            {
                var table = Terminal.Table(console, "queue", "deleted");
                rows.ForEach(row => Terminal.Row(table, row.Queue, $"{row.Purged}"));
                console.Write(table);
            });
        });
        return command;
    }

    private static Argument<string?> Queue()
    {
        var queue = new Argument<string?>("queue") { Description = "The queue that they were meant for; default: all", Arity = ArgumentArity.ZeroOrOne };
        queue.AcceptOnlyFromAmong(DeadLetterBroker.AllQueues);
        return queue;
    }

    private static string[] Chosen(string? queue) => queue is null ? DeadLetterBroker.AllQueues : [queue];

    private static object Document(DeadLetter letter, bool withBody) => new
    {
        letter.Queue,
        letter.Kind,
        letter.Reason,
        letter.ExceptionType,
        letter.FailedAt,
        letter.MessageId,
        letter.MessageType,
        letter.GalleryId,
        letter.JobId,
        letter.ItemId,
        ItemHasEnded = letter.IsEnded,
        letter.Bytes,
        Body = withBody ? letter.Body : null,
    };

    private static void SetAction(
        CommandRunner runner, Command command, Option<string?> broker, Func<ParseResult, DeadLetterBroker, CancellationToken, Task<CommandResult>> action) =>
        runner.SetLocalAction(command, async (parsed, cancellationToken) =>
        {
            await using var connection = await DeadLetterBroker.ConnectAsync(Address(parsed.GetValue(broker)), cancellationToken);
            return await action(parsed, connection, cancellationToken);
        });

    private static Uri Address(string? given)
    {
        var text = given ?? Variable(BrokerVariable) ?? Variable(ServiceVariable) ?? LocalBroker;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? address
            : throw new InputException(Reasons.Usage, "The broker's address must be amqp://user:password@host:port, or amqps://.");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private sealed record QueueRow(string Queue, bool Exists, uint Messages, uint Consumers, uint Failed, uint Skipped);

    private sealed record ReplayRow(string Queue, int Replayed, int Ended);

    private sealed record PurgeRow(string Queue, int Purged);
}
