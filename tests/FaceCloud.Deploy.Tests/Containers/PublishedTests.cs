using System.Globalization;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers;
using FaceCloud.TestServers.Processes;
using Google.Protobuf;
using Grpc.Net.Client;

namespace FaceCloud.Deploy.Tests.Containers;

/// <summary>
/// What the images would run: each service published as its Dockerfile publishes it, started with the environment of the image and of
/// compose.yaml, against a broker and a database of Debian's packages. Only names of machines and ports are changed.
/// </summary>
public sealed class PublishedTests : IAsyncDisposable
{
    private static readonly string[] Services = ["Encoder", "Gallery", "Ingestion"];

    private readonly OwnFolder _folder = new("published");
    private readonly Dictionary<string, ChildProcess> _processes = [];
    private readonly Dictionary<string, string[]> _published = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compose_PublishedServices_EnrolAndIdentify()
    {
        Needs.Require(RabbitMqServer.IsInstalled, "RabbitMQ is not installed (apt-get install rabbitmq-server).");
        Needs.Require(PostgresServer.IsInstalled, "PostgreSQL is not installed (apt-get install postgresql).");
        foreach (var service in Services)
        {
            await PublishAsync(service);
        }

        await using var broker = await RabbitMqServer.StartAsync(Cancelled);
        await using var database = await PostgresServer.StartAsync(Cancelled);
        var ports = Services.Zip(FreePort.Take(6).Chunk(2)).ToDictionary(pair => pair.First, pair => (Http: pair.Second[0], Grpc: pair.Second[1]));
        foreach (var service in Services)
        {
            Start(service, ports, broker.Address, database.ConnectionString);
        }

        // As the container's health check asks.
        foreach (var service in Services)
        {
            await UntilHealthyAsync(service, ports[service].Http);
        }

        using var galleryChannel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports["Gallery"].Grpc}");
        using var ingestionChannel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports["Ingestion"].Grpc}");
        var gallery = new GalleryService.GalleryServiceClient(galleryChannel);
        var ingestion = new IngestionService.IngestionServiceClient(ingestionChannel);
        await gallery.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = "staff" }, cancellationToken: Cancelled);
        var job = await ingestion.StartJobAsync(new StartJobRequest { GalleryId = "staff" }, cancellationToken: Cancelled);
        await ingestion.UploadPhotoAsync(
            new UploadPhotoRequest { JobId = job.JobId, PersonId = "ada", Source = "ada.jpg", Photo = ByteString.CopyFrom(TestPhotos.Person(1)) }, cancellationToken: Cancelled);
        await ingestion.CloseJobAsync(new CloseJobRequest { JobId = job.JobId }, cancellationToken: Cancelled);
        await Patience.UntilAsync(
            async cancelled => (await ingestion.GetJobAsync(new GetJobRequest { JobId = job.JobId }, cancellationToken: cancelled)).State == JobState.Completed,
            Tails,
            Cancelled);

        var known = await IdentifyAsync(gallery, TestPhotos.Person(1, variation: 3));
        var stranger = await IdentifyAsync(gallery, TestPhotos.Person(1001));

        Assert.Equal((IdentifyOutcome.Recognized, "ada"), (known.Outcome, known.Faces[0].Candidates[0].PersonId));
        Assert.Equal(IdentifyOutcome.NotRecognized, stranger.Outcome);
        // Nothing but the volumes was written: the images' root is read-only.
        Assert.All(Services, service => Assert.Equal(_published[service], Files(service)));
        foreach (var (service, process) in _processes)
        {
            Assert.True(await process.StopAsync(TimeSpan.FromSeconds(45)), $"{service} did not stop in Compose's stop_grace_period.{Environment.NewLine}{process.Tail}");
            Assert.Equal(0, process.ExitCode);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task<IdentifyResponse> IdentifyAsync(GalleryService.GalleryServiceClient gallery, byte[] photo) =>
        await gallery.IdentifyAsync(new IdentifyRequest { GalleryId = "staff", Probe = new Probe { Photo = ByteString.CopyFrom(photo) } }, cancellationToken: Cancelled);

    // Every command of the Dockerfile's RUN, in a build folder of its own as in the image.
    private async Task PublishAsync(string service)
    {
        var run = Dockerfile.Of(service).Stages[0].Instructions.Single(instruction => instruction.Word == "RUN").Text;
        foreach (var command in run.Split(" && ").Where(command => command.StartsWith("dotnet ", StringComparison.Ordinal)))
        {
            var arguments = command.Split(' ')[1..];
            arguments[Array.IndexOf(arguments, "--output") + 1] = Output(service, arguments[^1]);
            var (exitCode, output, error) = await Needs.RunAsync(
                "dotnet", [.. arguments, $"-p:ArtifactsPath={_folder.Folder("artifacts")}", "-maxcpucount:2"], Needs.InRepository(), new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" });
            Assert.True(exitCode == 0, output + error);
        }

        _published[service] = Files(service);
    }

    private void Start(string service, Dictionary<string, (int Http, int Grpc)> ports, Uri broker, string database)
    {
        var image = Dockerfile.Of(service);
        var compose = ComposeFile.Load("compose.yaml").Environment(service.ToLowerInvariant(), new Dictionary<string, string>());
        var environment = image.Environment().Concat(compose).ToDictionary(
            pair => pair.Key,
            pair => pair.Key switch
            {
                "ConnectionStrings__rabbitmq" => broker.ToString(),
                "ConnectionStrings__postgres" => database,
                "Encoder__Address" => pair.Value.Replace("encoder:8085", $"127.0.0.1:{ports["Encoder"].Grpc}", StringComparison.Ordinal),
                "Storage__Directory" => _folder.Folder($"{service}/data"),
                "Models__Directory" => TestModels.Shared.Directory,
                _ => pair.Value,
            });
        environment["Endpoints__HttpPort"] = ports[service].Http.ToString(CultureInfo.InvariantCulture);
        environment["Endpoints__GrpcPort"] = ports[service].Grpc.ToString(CultureInfo.InvariantCulture);

        _processes[service] = ChildProcess.Start(service, "dotnet", [$"FaceCloud.{service}.dll"], environment, workingDirectory: Output(service, "/app"));
    }

    private Task UntilHealthyAsync(string service, int port)
    {
        var answer = "";
        return Patience.UntilAsync(
            async _ =>
            {
                Assert.False(_processes[service].HasExited, _processes[service].Tail);
                (var exitCode, answer, var error) = await Needs.RunAsync("dotnet", [Path.Combine(Output(service, "/probe"), "FaceCloud.Probe.dll"), $"http://127.0.0.1:{port}/health"], _folder.Path);
                answer += error;
                return exitCode == 0;
            },
            () => $"{service} did not become healthy: {answer}{Environment.NewLine}{Tails()}",
            Cancelled);
    }

    private string Output(string service, string inImage) => Path.Combine(_folder.Path, service, inImage.TrimStart('/'));

    private string[] Files(string service) => [.. Directory.EnumerateFiles(Output(service, "/app"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private string Tails() => string.Join(Environment.NewLine, _processes.Values.Select(process => process.Tail));
}
