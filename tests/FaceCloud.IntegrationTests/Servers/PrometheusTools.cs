using FaceCloud.TestServers.Processes;

namespace FaceCloud.IntegrationTests.Servers;

/// <summary>Debian's prometheus package: promtool, and a private server that scrapes what a test runs.</summary>
public static class PrometheusTools
{
    private const string Tool = "/usr/bin/promtool";
    private const string Server = "/usr/bin/prometheus";

    /// <summary>Skips the test when the package is not installed, fails it in CI.</summary>
    public static void Require() =>
        TestRun.Require(File.Exists(Tool) && File.Exists(Server), "Prometheus is not installed (apt-get install prometheus).");

    /// <summary>Runs promtool; fails with its output when it finds something.</summary>
    public static Task CheckAsync(string[] arguments, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync("promtool", Tool, arguments, user: null, cancellationToken);

    /// <summary>What promtool says of a scrape; empty when it has nothing to complain of.</summary>
    public static async Task<string> LintAsync(string scrape, CancellationToken cancellationToken)
    {
        using var folder = new OwnFolder("scrape");
        var file = folder.File("metrics");
        await File.WriteAllTextAsync(file, scrape, cancellationToken);
        await using var lint = ChildProcess.Start("promtool", "/bin/sh", ["-c", $"{Tool} check metrics < {file} 2>&1"]);
        var code = await lint.WaitAsync(cancellationToken);
        return code == 0 ? "" : lint.Tail;
    }

    /// <summary>A server with its configuration in the folder; answers at the address.</summary>
    public static async Task<(ChildProcess Process, Uri Address)> StartAsync(OwnFolder folder, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Take(1)[0]}");
        var process = ChildProcess.Start(
            "prometheus",
            Server,
            [
                $"--config.file={folder.File("prometheus.yml")}",
                $"--storage.tsdb.path={folder.Folder("data")}",
                $"--web.listen-address={address.Authority}",
                "--log.level=warn",
            ],
            workingDirectory: folder.Path);
        using var http = new HttpClient { BaseAddress = address };
        await Patience.UntilAsync(
            async cancelled =>
            {
                try
                {
                    return (await http.GetAsync("/-/ready", cancelled)).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => $"Prometheus does not answer.{Environment.NewLine}{process.Tail}",
            cancellationToken);
        return (process, address);
    }
}
