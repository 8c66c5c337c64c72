using System.CommandLine;
using System.CommandLine.Invocation;
using FaceCloud.Cli.Commands;
using FaceCloud.Cli.Output;

namespace FaceCloud.Cli;

/// <summary>The command tree. Runs in a test as in a terminal: everything goes through <see cref="Terminal"/>.</summary>
internal sealed class FaceCloudApp(Terminal terminal)
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(5);

    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken = default)
    {
        var options = new GlobalOptions();
        var parsed = Root(new CommandRunner(terminal, options)).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            var message = string.Join(" ", parsed.Errors.Select(error => error.Message));
            var help = $"facecloud {Path(parsed.CommandResult)}--help";
            return terminal.WriteError(
                args.Contains(GlobalOptions.JsonName), ExitCode.BadInput, Reasons.Usage, $"{message} See '{help}'.");
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeToStop,
            },
            cancellationToken);

        RootCommand Root(CommandRunner runner)
        {
            var root = new RootCommand("Face verification (1:1) and recognition (1:K) from the command line.")
            {
                EnrolCommand.Create(runner),
                IdentifyCommand.Create(runner),
                VerifyCommand.Create(runner),
                DetectCommand.Create(runner),
                WatchCommand.Create(runner),
                GroupCommand.Create(runner),
                SimilarCommand.Create(runner),
                PeopleCommand.Create(runner),
                FacesCommand.Create(runner),
                GalleriesCommand.Create(runner),
                CalibrateCommand.Create(runner),
                DoctorCommand.Create(runner),
                BackupCommand.Create(runner),
                RestoreCommand.Create(runner),
                JobsCommand.Create(runner),
                QueueCommand.Create(runner),
                HealthCommand.Create(runner),
                IndexCommand.Create(runner),
                ModelsCommand.Create(runner),
                DemoCommand.Create(runner),
            };
            options.AddTo(root);
            return root;
        }
    }

    private static string Path(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{Path(parent)}{command.Command.Name} " : "";
}
