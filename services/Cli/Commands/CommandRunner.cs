using System.CommandLine;
using FaceCloud.Cli.Output;
using FaceCloud.Client;
using Grpc.Core;

namespace FaceCloud.Cli.Commands;

/// <summary>What all commands share: the connection, the answer's form, and failures as exit codes.</summary>
internal sealed class CommandRunner(Terminal terminal, GlobalOptions options)
{
    /// <summary>Where a command may show progress: null with --json and where nobody looks.</summary>
    public Terminal? Progress(ParseResult parsed) =>
        terminal.IsInteractive && !parsed.GetValue(options.Json) ? terminal : null;

    public void SetAction(Command command, Func<ParseResult, FaceCloudClient, CancellationToken, Task<CommandResult>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var json = parsed.GetValue(options.Json);
            try
            {
                using var client = options.Connect(parsed);
                return terminal.Write(json, await action(parsed, client, cancellationToken));
            }
            catch (InputException exception)
            {
                return terminal.WriteError(json, ExitCode.BadInput, exception.Reason, exception.Message);
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
