using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud index show | verify | rebuild | switch</c></summary>
internal static class IndexCommand
{
    private static readonly Dictionary<string, IndexKind> Kinds = new(StringComparer.Ordinal)
    {
        ["embedded"] = IndexKind.Embedded,
        ["qdrant"] = IndexKind.Qdrant,
    };

    public static Command Create(CommandRunner runner) =>
        new("index", "The index of faces: compare with the store, rebuild, move between embedded and Qdrant") { Show(runner), Verify(runner), Rebuild(runner), Switch(runner) };

    private static Command Show(CommandRunner runner)
    {
        var command = new Command("show", "Which index is in use, and what is or was last done to it");
        runner.SetAction(command, async (_, client, cancellationToken) =>
            Result(await client.GetIndexAsync(cancellationToken), ExitCode.Success));
        return command;
    }

    private static Command Verify(CommandRunner runner)
    {
        var gallery = new Option<string?>("--gallery") { Description = "Only this one", HelpName = "id" };
        var repair = new Option<bool>("--repair") { Description = "Bring the index in line with the store" };
        var command = new Command("verify", "Compares the index with the store, face by face. Exit code 0 they agree (or now do), 1 they differ.") { gallery, repair };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            await client.VerifyIndexAsync(parsed.GetValue(gallery), parsed.GetValue(repair), cancellationToken);
            return await WaitAsync(runner, parsed, client, cancellationToken);
        });
        return command;
    }

    private static Command Rebuild(CommandRunner runner)
    {
        var command = new Command("rebuild", "Fills a new index from the store beside the one in use, and changes over when it is right");
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            await client.RebuildIndexAsync(cancellationToken);
            return await WaitAsync(runner, parsed, client, cancellationToken);
        });
        return command;
    }

    private static Command Switch(CommandRunner runner)
    {
        var kind = new Argument<string>("kind") { Description = "embedded or qdrant; the one in use gives up a move that is under way" };
        kind.AcceptOnlyFromAmong([.. Kinds.Keys]);
        var command = new Command("switch", "Moves the index to another engine while calls are answered") { kind };
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            await client.SwitchIndexAsync(Kinds[parsed.GetRequiredValue(kind)], cancellationToken);
            return await WaitAsync(runner, parsed, client, cancellationToken);
        });
        return command;
    }

    // The server works on when this is stopped.
    private static async Task<CommandResult> WaitAsync(CommandRunner runner, ParseResult parsed, FaceCloudClient client, CancellationToken cancellationToken)
    {
        var said = "";
        V1.Index last = new();
        await foreach (var index in client.WatchIndexAsync(cancellationToken))
        {
            last = index;
            if (index.Operation is { State: IndexOperationState.Running, Message.Length: > 0 } operation && operation.Message != said)
            {
                said = operation.Message;
                runner.Say(parsed, said);
            }
        }

        return Result(last, Code(last.Operation));
    }

    private static ExitCode Code(IndexOperation? operation) => operation switch
    {
        { State: IndexOperationState.Failed } => ExitCode.Unreachable,
        { Kind: IndexOperationKind.Verify, Repair: false, Drift: { } drift } when drift.Missing + drift.Extra + drift.Changed > 0 => ExitCode.NoMatch,
        { Kind: IndexOperationKind.Verify, Drift.Damaged: > 0 } => ExitCode.NoMatch,
        _ => ExitCode.Success,
    };

    private static CommandResult Result(V1.Index index, ExitCode code) =>
        new(code, new { Index = Documents.Index(index) }, console =>
        {
            var table = Terminal.Table(console, "field", "value");
            Terminal.Row(table, "index", Words.Of(index.Kind));
            if (index.MovingTo != IndexKind.Unspecified)
            {
                Terminal.Row(table, "moving to", Words.Of(index.MovingTo));
            }

            if (index.Operation is { } operation)
            {
                Terminal.Row(table, "operation", $"{Words.Of(operation.Kind)}{(operation.GalleryId.Length > 0 ? $" of {operation.GalleryId}" : "")}{(operation.Repair ? " with repair" : "")}");
                Terminal.Row(table, "state", Words.Of(operation.State));
                Terminal.Row(table, "galleries", $"{operation.GalleriesDone} of {operation.Galleries}");
                var drift = operation.Drift ?? new IndexDrift();
                Terminal.Row(table, "faces compared", $"{drift.Faces}");
                Terminal.Row(table, "missing", $"{drift.Missing}");
                Terminal.Row(table, "too many", $"{drift.Extra}");
                Terminal.Row(table, "changed", $"{drift.Changed}");
                Terminal.Row(table, "damaged in the store", $"{drift.Damaged}");
                Terminal.Row(table, "started", Words.Time(operation.StartedAt));
                Terminal.Row(table, "finished", Words.Time(operation.FinishedAt));
                if (operation.Message.Length > 0)
                {
                    Terminal.Row(table, "message", operation.Message);
                }
            }

            console.Write(table);
        });
}
