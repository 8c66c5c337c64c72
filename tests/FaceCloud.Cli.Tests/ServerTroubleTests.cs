using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace FaceCloud.Cli.Tests;

public sealed class ServerTroubleTests : CliTests
{
    public static TheoryData<string[]> EveryCommand => new(
    [
        ["verify", "{photo}", "--person", "ada"],
        ["identify", "{photo}", "{photo}"],
        ["detect", "{photo}"],
        ["enrol", "{folder}"],
        ["people", "list"],
        ["people", "show", "ada"],
        ["people", "delete", "ada"],
        ["faces", "list"],
        ["faces", "delete", "face-1"],
        ["galleries", "list"],
        ["galleries", "create", "staff"],
        ["galleries", "show", "default"],
        ["galleries", "delete", "default"],
        ["jobs", "list"],
        ["jobs", "show", "job-1"],
        ["jobs", "items", "job-1"],
        ["jobs", "watch", "job-1"],
        ["health"],
        ["index", "show"],
        ["index", "verify"],
        ["index", "rebuild"],
        ["index", "switch", "qdrant"],
    ]);

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task EveryCommand_NobodyListens_ExitsThreeWithTheReason(string[] command)
    {
        var photo = Cli.Photo("people/ada/1.jpg", "ada");
        var args = command.Select(arg => arg.Replace("{photo}", photo, StringComparison.Ordinal).Replace("{folder}", Path.Combine(Cli.Folder, "people"), StringComparison.Ordinal));

        var run = await CliFixture.RunAtAsync(ClosedAddress(), CancellationToken.None, [.. args, "--json"]);

        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(3, run.Code);
        Assert.Equal("UNREACHABLE", Reason(json));
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Health_ServerFit_ExitsZeroWithRoundTrip()
    {
        var (code, json) = await Cli.RunJsonAsync("health");

        var server = json.GetProperty("servers").EnumerateArray().Single();
        Assert.Equal(0, code);
        Assert.Equal(["serving", "servers", "exitCode"], Fields(json));
        Assert.Equal(["server", "status", "roundTripMs"], Fields(server));
        Assert.Equal("SERVING", server.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Health_ServerUnfit_ExitsThree()
    {
        Cli.Server.IsHealthy = false;

        var run = await Cli.RunAsync("health");

        Assert.Equal(3, run.Code);
        Assert.Contains("NOT_SERVING", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("health")]
    [InlineData("people", "list")]
    public async Task EveryCommand_AddressThatIsNone_ExitsTwo(params string[] command)
    {
        var run = await CliFixture.RunAtAsync("localhost:8081", CancellationToken.None, command);

        Assert.Equal(2, run.Code);
        Assert.Contains("'localhost:8081' is not a server address", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("peple")]
    [InlineData("people")]
    [InlineData("people", "list", "--colour")]
    [InlineData("identify")]
    [InlineData("enrol", "x", "--photo-limit", "0")]
    public async Task CommandLine_Wrong_ExitsTwoWithUsage(params string[] command)
    {
        var (code, json) = await Cli.RunJsonAsync(command);

        Assert.Equal(2, code);
        Assert.Equal("USAGE", Reason(json));
    }

    [Fact]
    public async Task Help_OfEveryCommand_ExitsZero()
    {
        foreach (var command in EveryCommand)
        {
            var verbs = command.Data.TakeWhile(arg => char.IsAsciiLetterLower(arg[0]) && arg is not ("ada" or "qdrant" or "staff" or "default" or "job-1" or "face-1"));

            var run = await Cli.RunAsync([.. verbs, "--help"]);

            Assert.Equal(0, run.Code);
            Assert.Contains("--json", run.Output, StringComparison.Ordinal);
        }
    }

    private static string ClosedAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
