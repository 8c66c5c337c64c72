using System.CommandLine;
using FaceCloud.Cli.DeadLetters;
using FaceCloud.Cli.Models;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using FaceCloud.Inference.Models;
using Grpc.Core;

namespace FaceCloud.Cli.Commands;

/// <summary>What all commands share: the connection, the answer's form, and failures as exit codes.</summary>
internal sealed class CommandRunner(Terminal terminal, GlobalOptions options)
{
    /// <summary>Where a command may show progress: null with --json and where nobody looks.</summary>
    public Terminal? Progress(ParseResult parsed) =>
        terminal.IsInteractive && !parsed.GetValue(options.Json) ? terminal : null;

    /// <summary>May the command ask a question? Not with --json, and not where nobody looks or answers.</summary>
    public bool MayAsk(ParseResult parsed) => Progress(parsed) is not null && !Console.IsInputRedirected;

    /// <summary>For people who wait; not with --json.</summary>
    public void Say(ParseResult parsed, string text)
    {
        if (!parsed.GetValue(options.Json))
        {
            terminal.Out.WriteLine(text);
        }
    }

    /// <summary>An action on a server.</summary>
    public void SetAction(Command command, Func<ParseResult, FaceCloudClient, CancellationToken, Task<CommandResult>> action) =>
        SetLocalAction(command, async (parsed, cancellationToken) =>
        {
            using var client = options.Connect(parsed);
            return await action(parsed, client, cancellationToken);
        });

    /// <summary>An action that needs no server.</summary>
    public void SetLocalAction(Command command, Func<ParseResult, CancellationToken, Task<CommandResult>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var json = parsed.GetValue(options.Json);
            try
            {
                return terminal.Write(json, await action(parsed, cancellationToken));
            }
            catch (InputException exception)
            {
                return terminal.WriteError(json, ExitCode.BadInput, exception.Reason, exception.Message);
            }
            catch (ModelException exception)
            {
                return terminal.WriteError(json, ExitCode.BadInput, Reasons.Model, exception.Message);
            }
            catch (DownloadException exception)
            {
                return terminal.WriteError(json, exception.ExitCode, exception.Reason, exception.Message);
            }
            catch (BrokerException exception)
            {
                return terminal.WriteError(json, ExitCode.Unreachable, exception.Reason, exception.Message);
            }
            catch (FaceCloudException exception)
            {
                return terminal.WriteError(json, Code(exception), exception.Reason, exception.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return terminal.WriteError(json, ExitCode.Cancelled, Reasons.Cancelled, "Stopped.");
            }
            catch (Exception exception)
            {
                await terminal.Error.WriteLineAsync(exception.ToString());
                return terminal.WriteError(json, ExitCode.Unreachable, Reasons.Unexpected, exception.Message);
            }
        });

    /// <summary>What the server says of the input is bad input; that it cannot say anything is unreachable.</summary>
    public static ExitCode Code(FaceCloudException exception) => exception.Status switch
    {
        StatusCode.InvalidArgument or
        StatusCode.NotFound or
        StatusCode.AlreadyExists or
        StatusCode.FailedPrecondition or
        StatusCode.OutOfRange or
        StatusCode.Aborted or
        StatusCode.PermissionDenied or
        StatusCode.Unauthenticated or
        StatusCode.Unimplemented => ExitCode.BadInput,
        _ => ExitCode.Unreachable,
    };
}
