using System.Text.Json;
using FaceCloud.AppHost;
using FaceCloud.Cli.Output;
using FaceCloud.Testing;

namespace FaceCloud.Deploy.Tests.AppHost;

/// <summary>The repository's first command: the whole system with the shipped models, on the shipped people, with nothing given.</summary>
public sealed class DemoTests
{
    private static readonly string Samples = Path.Combine(RepositoryRoot.Path, "shared", "samples");

    [Fact]
    public async Task RunAsync_NothingGiven_KnowsTheSamplePeopleAndRefusesTheStrangers()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await Demo.RunAsync([], new Terminal(output, error, isInteractive: false));

        var shown = output.ToString();
        Assert.Equal("", error.ToString());
        Assert.Equal(0, code);
        Assert.Contains("identify (1:K)", shown, StringComparison.Ordinal);
        Assert.Contains("Enrolled through the queue: 12 of 12 persons, one photo each.", shown, StringComparison.Ordinal);
        Assert.Matches(@"Identified: 3\d of 36 probes named rightly, 0 wrongly; 0 of 8 strangers given a name\.", shown);
        Assert.Contains("Verified: 12 of 12 true claims accepted, 0 of 12 false ones.", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Groups_NameOnlyWhoIsOnThePicture()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        await Demo.RunAsync(["--json"], new Terminal(output, error, isInteractive: false));

        using var document = JsonDocument.Parse(output.ToString());
        var groups = document.RootElement.GetProperty("identified").EnumerateArray().Where(i => IsGroup(i.GetProperty("photo").GetString()!)).ToArray();
        Assert.Equal(2, groups.Length);
        Assert.All(groups, group =>
        {
            var named = group.GetProperty("faces").EnumerateArray().Where(f => f.GetProperty("outcome").GetString() == "RECOGNIZED").Select(f => f.GetProperty("nearest").GetString()!).ToArray();
            Assert.InRange(named.Length, 2, 3);
            Assert.Subset(Persons(group.GetProperty("photo").GetString()!), named.ToHashSet());
        });
    }

    private static bool IsGroup(string photo) => photo.StartsWith("groups/", StringComparison.Ordinal);

    // As the manifest has them: path,persons with semicolons between.
    private static HashSet<string> Persons(string photo) =>
        [.. File.ReadLines(Path.Combine(Samples, "manifest.csv")).Single(line => line.StartsWith(photo + ",", StringComparison.Ordinal)).Split(',')[1].Split(';')];
}
