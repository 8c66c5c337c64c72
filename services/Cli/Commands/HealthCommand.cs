using System.CommandLine;
using FaceCloud.Cli.Output;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud health</c></summary>
internal static class HealthCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("health", "Is the server there and fit for work? Exit code 0 yes, 3 no.");
        runner.SetAction(command, async (_, client, cancellationToken) =>
        {
            var servers = await client.CheckHealthAsync(cancellationToken);
            var document = new
            {
                Serving = servers.All(server => server.IsServing),
                Servers = servers.Select(server => new
                {
                    Server = server.Server.ToString(),
                    server.Status,
                    RoundTripMs = Math.Round(server.RoundTrip.TotalMilliseconds, 3),
                }).ToArray(),
            };
            return new CommandResult(document.Serving ? ExitCode.Success : ExitCode.Unreachable, document, console =>
            {
                var table = Terminal.Table(console, "server", "status", "round trip");
                foreach (var server in servers)
                {
                    Terminal.Row(table, server.Server.ToString(), server.Status, $"{server.RoundTrip.TotalMilliseconds:0.0} ms");
                }

                console.Write(table);
            });
        });
        return command;
    }
}
