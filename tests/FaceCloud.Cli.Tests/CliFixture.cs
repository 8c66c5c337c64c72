using System.Text.Json;
using FaceCloud.Cli.Output;

namespace FaceCloud.Cli.Tests;

/// <summary>The command line against a server of its own, in a folder of its own, as in a pipe.</summary>
public sealed class CliFixture : IAsyncDisposable
{
    private readonly FakeServer _server;

    private CliFixture(FakeServer server) => _server = server;

    public string Folder { get; } = Directory.CreateTempSubdirectory("facecloud-cli-").FullName;

    internal FakeServer Server => _server;

    public static async Task<CliFixture> StartAsync()
    {
        var server = await FakeServer.StartAsync();
        server.Gallery.Fill("default", "ada", "grace");
        return new CliFixture(server);
    }

    /// <summary>A photo file below the folder; see FakePhoto for what the words mean.</summary>
    public string Photo(string name, params string[] faces)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, FakePhoto.Of(faces));
        return path;
    }

    public Task<CliRun> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public Task<CliRun> RunAsync(CancellationToken cancellationToken, params string[] args) =>
        RunAtAsync(_server.Address, cancellationToken, args);

    public static async Task<CliRun> RunAtAsync(string server, CancellationToken cancellationToken, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var app = new FaceCloudApp(new Terminal(output, error, isInteractive: false));
        var code = await app.RunAsync([.. args, "--server", server, "--ingestion-server", server], cancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    /// <summary>With --json: standard output must be one document that repeats the exit code.</summary>
    public async Task<(int Code, JsonElement Json)> RunJsonAsync(params string[] args)
    {
        var run = await RunAsync([.. args, "--json"]);
        var json = JsonDocument.Parse(run.Output).RootElement;

        Assert.Equal("", run.Error);
        Assert.Equal(run.Code, json.GetProperty("exitCode").GetInt32());
        return (run.Code, json);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
