using System.CommandLine;
using FaceCloud.Client;

namespace FaceCloud.Cli;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public const string JsonName = "--json";

    public Option<string?> Server { get; } = new("--server")
    {
        Description = $"gRPC address of FaceCloud; default: {FaceCloudClientOptions.ServerVariable}, else {FaceCloudClientOptions.DefaultServer}",
        HelpName = "address",
        Recursive = true,
    };

    public Option<string?> IngestionServer { get; } = new("--ingestion-server")
    {
        Description = $"gRPC address of Ingestion where it runs apart; default: {FaceCloudClientOptions.IngestionServerVariable}, else the server",
        HelpName = "address",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new(JsonName)
    {
        Description = "Answer with one JSON document on standard output, errors included",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Options.Add(Server);
        root.Options.Add(IngestionServer);
        root.Options.Add(Json);
    }

    /// <exception cref="InputException">An address, given or from the environment, that is none.</exception>
    public FaceCloudClient Connect(ParseResult parsed)
    {
        try
        {
            var options = new FaceCloudClientOptions();
            if (parsed.GetValue(Server) is { } server)
            {
                options = options with { Server = FaceCloudClientOptions.ParseServer(server) };
            }

            if (parsed.GetValue(IngestionServer) is { } ingestion)
            {
                options = options with { IngestionServer = FaceCloudClientOptions.ParseServer(ingestion) };
            }

            return new FaceCloudClient(options);
        }
        catch (FormatException exception)
        {
            throw new InputException(Reasons.Usage, exception.Message);
        }
    }
}
