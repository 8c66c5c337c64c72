namespace FaceCloud.Cli.Tests;

public sealed class DemoCommandTests : CliTests
{
    [Fact]
    public async Task Demo_GoodSamples_ShowsEveryProbeAndSumsUp()
    {
        var run = await Cli.RunAsync("demo", "--samples", Samples());

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.Code);
        Assert.Contains("Enrolled through the queue: 3 of 3 persons, one photo each.", run.Output, StringComparison.Ordinal);
        Assert.Contains("Identified: 3 of 4 probes named rightly, 0 wrongly; 0 of 2 strangers given a name.", run.Output, StringComparison.Ordinal);
        Assert.Contains("Verified: 3 of 3 true claims accepted, 0 of 3 false ones.", run.Output, StringComparison.Ordinal);
        Assert.Contains("missed", Row(run, "people/cleo/3.jpg"), StringComparison.Ordinal);
        Assert.Contains("right", Row(run, "people/ann/2.jpg"), StringComparison.Ordinal);
        Assert.Contains("nobody (nearest", Row(run, "strangers/1.jpg"), StringComparison.Ordinal);
        Assert.Contains("RECOGNIZED", Row(run, "groups/1.jpg 1/2"), StringComparison.Ordinal);
        Assert.Contains("NOT_RECOGNIZED", Row(run, "groups/1.jpg 2/2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_Done_LeavesNoGallery()
    {
        var before = Cli.Server.Gallery.Ids;

        await Cli.RunAsync("demo", "--samples", Samples());

        Assert.Equal(before, Cli.Server.Gallery.Ids);
    }

    [Fact]
    public async Task Demo_Keep_LeavesTheGalleryAndNamesIt()
    {
        var run = await Cli.RunAsync("demo", "--samples", Samples(), "--keep");

        var gallery = Cli.Server.Gallery.Ids.Single(id => id.StartsWith("demo-", StringComparison.Ordinal));
        Assert.Contains($"facecloud people list --gallery {gallery}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_StrangerTakenForAnn_IsWrongAndFails()
    {
        var samples = Samples();
        Cli.Photo("samples/strangers/2.jpg", "ann");

        var (code, json) = await Cli.RunJsonAsync("demo", "--samples", samples);

        Assert.Equal(1, code);
        Assert.Equal(["enrolled", "gallery", "identified", "verified", "summary", "exitCode"], Fields(json));
        var stranger = json.GetProperty("identified").EnumerateArray().Single(i => i.GetProperty("photo").GetString() == "strangers/2.jpg");
        Assert.Equal("ann", stranger.GetProperty("named").GetString());
    }

    [Fact]
    public async Task Demo_PersonWhosePhotoIsRefused_IsNotVerified()
    {
        var samples = Samples();
        Cli.Photo("samples/people/bob/1.jpg", "blurry");

        var run = await Cli.RunAsync("demo", "--samples", samples);

        Assert.Equal(0, run.Code);
        Assert.Contains("Enrolled through the queue: 2 of 3 persons", run.Output, StringComparison.Ordinal);
        Assert.Contains("Verified: 2 of 2 true claims accepted, 0 of 2 false ones.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_FolderThatHoldsNoSamples_SaysWhatIsExpected()
    {
        var (code, json) = await Cli.RunJsonAsync("demo", "--samples", Cli.Folder);

        Assert.Equal(2, code);
        Assert.Equal("FOLDER_NOT_FOUND", Reason(json));
    }

    [Fact]
    public async Task Demo_OnePersonOnly_SaysWhatIsExpected()
    {
        Cli.Photo("few/people/ann/1.jpg", "ann");
        Cli.Photo("few/people/ann/2.jpg", "ann");

        var (code, json) = await Cli.RunJsonAsync("demo", "--samples", Path.Combine(Cli.Folder, "few"));

        Assert.Equal(2, code);
        Assert.Equal("FOLDER_EMPTY", Reason(json));
    }

    private static string Row(CliRun run, string photo) =>
        run.Output.Split('\n').First(line => line.StartsWith(photo, StringComparison.Ordinal));

    /// <summary>Three persons, two strangers and a group of one person and a stranger; one probe of Cleo shows somebody unknown.</summary>
    private string Samples()
    {
        foreach (var person in new[] { "ann", "bob", "cleo" })
        {
            Cli.Photo($"samples/people/{person}/1.jpg", person);
            Cli.Photo($"samples/people/{person}/2.jpg", person);
        }

        Cli.Photo("samples/people/cleo/3.jpg", "mallory");
        Cli.Photo("samples/strangers/1.jpg", "mallory");
        Cli.Photo("samples/strangers/2.jpg", "oscar");
        Cli.Photo("samples/groups/1.jpg", "bob", "mallory");
        return Path.Combine(Cli.Folder, "samples");
    }
}
