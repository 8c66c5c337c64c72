using System.Diagnostics;
using FaceCloud.TestServers;

// Runs a command while private servers are up whose addresses it finds in its environment:
//   dotnet run --project tests/FaceCloud.TestServers -- dotnet test tests/FaceCloud.Ingestion.Tests
// A server that the environment names already is left to it; one that is not installed is left out.
const string Postgres = "FACECLOUD_TEST_POSTGRES";
const string Rabbit = "FACECLOUD_TEST_RABBITMQ";

if (args.Length == 0)
{
    await Console.Error.WriteLineAsync("Which command shall run? For example: dotnet test tests/FaceCloud.Ingestion.Tests");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    // The command has the signal too; what it returns is returned here.
    key.Cancel = true;
    stop.Cancel();
};

await using var postgres = IsWanted(Postgres, PostgresServer.IsInstalled) ? await PostgresServer.StartAsync(stop.Token) : null;
await using var rabbit = IsWanted(Rabbit, RabbitMqServer.IsInstalled) ? await RabbitMqServer.StartAsync(stop.Token) : null;

var start = new ProcessStartInfo(args[0], args[1..]);
Set(Postgres, postgres?.ConnectionString);
Set(Rabbit, rabbit?.Address.ToString());
using var command = Process.Start(start)!;
await command.WaitForExitAsync(CancellationToken.None);
return command.ExitCode;

static bool IsWanted(string variable, bool isInstalled) =>
    isInstalled && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

void Set(string variable, string? address)
{
    if (address is not null)
    {
        start.Environment[variable] = address;
    }
}
