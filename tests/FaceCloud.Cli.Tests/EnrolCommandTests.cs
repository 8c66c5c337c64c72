using System.Text.Json;

namespace FaceCloud.Cli.Tests;

public sealed class EnrolCommandTests : CliTests
{
    [Fact]
    public async Task Enrol_FolderAPerson_MakesTheGalleryAndEnrolsAll()
    {
        Cli.Photo("people/ada/1.jpg", "ada");
        Cli.Photo("people/ada/2.PNG", "ada");
        Cli.Photo("people/grace/1.jpeg", "grace");

        var (code, json) = await Cli.RunJsonAsync("enrol", Path.Combine(Cli.Folder, "people"), "--gallery", "staff");

        Assert.Equal(0, code);
        Assert.True(Cli.Server.Gallery.Has("staff"));
        Assert.Equal(["ada/1.jpg", "ada/2.PNG", "grace/1.jpeg"], Cli.Server.Ingestion.Received);
        Assert.Equal(
            ["jobId", "galleryId", "galleryCreated", "persons", "photos", "otherFiles", "outcomes", "reasons", "notEnrolled", "seconds", "photosPerSecond", "exitCode"],
            Fields(json));
        Assert.Equal(["enrolled", "duplicate", "rejectedQuality", "noFace", "failed", "cancelled", "refused", "unreadable"], Fields(json.GetProperty("outcomes")));
        Assert.Equal((2, 3, 3), (Number(json, "persons"), Number(json, "photos"), Number(json.GetProperty("outcomes"), "enrolled")));
        Assert.True(json.GetProperty("galleryCreated").GetBoolean());
        Assert.True(json.GetProperty("photosPerSecond").GetDouble() > 0);
    }

    [Fact]
    public async Task Enrol_SomeUnfit_ReportsEachWithReasonsAndExitsTwo()
    {
        Cli.Photo("people/ada/1.jpg", "ada");
        Cli.Photo("people/ada/2.jpg", "blurry");
        Cli.Photo("people/ada/3.jpg", "damaged");
        Cli.Photo("people/ada/4.jpg", "empty");

        var (code, json) = await Cli.RunJsonAsync("enrol", Path.Combine(Cli.Folder, "people"));

        var problems = json.GetProperty("notEnrolled").EnumerateArray().ToArray();
        Assert.Equal(2, code);
        Assert.False(json.GetProperty("galleryCreated").GetBoolean());
        Assert.Equal(["ada/2.jpg", "ada/3.jpg", "ada/4.jpg"], problems.Select(problem => problem.GetProperty("photo").GetString()));
        Assert.Equal(["REJECTED_QUALITY", "FAILED", "NO_FACE"], problems.Select(problem => problem.GetProperty("outcome").GetString()));
        Assert.Equal(["photo", "personId", "outcome", "reasons", "message"], Fields(problems[0]));
        Assert.Equal((1, 1), (Number(json.GetProperty("reasons"), "LOW_SHARPNESS"), Number(json.GetProperty("reasons"), "PHOTO_DAMAGED")));
    }

    [Fact]
    public async Task Enrol_SomeUnfit_PlainOutputHasTotalsReasonsAndRate()
    {
        Cli.Photo("people/ada/1.jpg", "ada");
        Cli.Photo("people/ada/2.jpg", "blurry");

        var run = await Cli.RunAsync("enrol", Path.Combine(Cli.Folder, "people"));

        Assert.Equal(2, run.Code);
        Assert.Matches(@"ENROLLED\s+1", run.Output);
        Assert.Matches(@"REJECTED_QUALITY\s+1", run.Output);
        Assert.Matches(@"total\s+2", run.Output);
        Assert.Matches(@"LOW_SHARPNESS\s+1", run.Output);
        Assert.Contains("photos/s", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task Enrol_PhotoLimit_TakesTheFirstOfEachPerson()
    {
        foreach (var photo in new[] { "ada/1.jpg", "ada/2.jpg", "ada/3.jpg", "grace/1.jpg", "grace/2.jpg", "grace/3.jpg" })
        {
            Cli.Photo($"people/{photo}", "ada");
        }

        var run = await Cli.RunAsync("enrol", Path.Combine(Cli.Folder, "people"), "--photo-limit", "2");

        Assert.Equal(0, run.Code);
        Assert.Equal(["ada/1.jpg", "ada/2.jpg", "grace/1.jpg", "grace/2.jpg"], Cli.Server.Ingestion.Received);
    }

    [Fact]
    public async Task Enrol_OnePerson_TakesThePhotosOfTheFolder()
    {
        Cli.Photo("photos/b.jpg", "ada");
        Cli.Photo("photos/a.jpg", "ada");
        Cli.Photo("photos/notes.txt", "ada");
        Cli.Photo("photos/.hidden.jpg", "ada");

        var (code, json) = await Cli.RunJsonAsync("enrol", Path.Combine(Cli.Folder, "photos"), "--person", "ada-lovelace", "--max-faces", "2");

        Assert.Equal(0, code);
        Assert.Equal(["a.jpg", "b.jpg"], Cli.Server.Ingestion.Received);
        Assert.Equal((1, 1), (Number(json, "persons"), Number(json, "otherFiles")));
        Assert.Equal(2, Cli.Server.Ingestion.LastStart!.MaxFaces);
    }

    [Fact]
    public async Task Enrol_BadPersonId_CountsAsRefused()
    {
        Cli.Photo("photos/a.jpg", "ada");

        var (code, json) = await Cli.RunJsonAsync("enrol", Path.Combine(Cli.Folder, "photos"), "--person", "");

        Assert.Equal(2, code);
        Assert.Equal(1, Number(json.GetProperty("outcomes"), "refused"));
        Assert.Equal("INVALID_ID", json.GetProperty("notEnrolled")[0].GetProperty("reasons")[0].GetString());
    }

    [Fact]
    public async Task Enrol_UnreadablePhoto_IsReportedAndTheRestEnrolled()
    {
        Cli.Photo("people/ada/1.jpg", "ada");
        File.CreateSymbolicLink(Path.Combine(Cli.Folder, "people", "ada", "2.jpg"), Path.Combine(Cli.Folder, "nowhere.jpg"));

        var (code, json) = await Cli.RunJsonAsync("enrol", Path.Combine(Cli.Folder, "people"));

        Assert.Equal(2, code);
        Assert.Equal((1, 1), (Number(json.GetProperty("outcomes"), "enrolled"), Number(json.GetProperty("outcomes"), "unreadable")));
    }

    [Theory]
    [InlineData("missing", "FOLDER_NOT_FOUND")]
    [InlineData("file.jpg", "FOLDER_NOT_FOUND")]
    [InlineData("flat", "FOLDER_EMPTY")]
    public async Task Enrol_NothingToEnrol_ExitsTwoAndStartsNoJob(string folder, string reason)
    {
        Cli.Photo("file.jpg", "ada");
        Cli.Photo("flat/1.jpg", "ada");

        var (code, json) = await Cli.RunJsonAsync("enrol", Path.Combine(Cli.Folder, folder));

        Assert.Equal(2, code);
        Assert.Equal(reason, Reason(json));
        Assert.Equal(0, Cli.Server.Traffic.Calls("StartJob"));
    }

    [Fact]
    public async Task Enrol_Cancelled_StopsWithItsOwnCode()
    {
        Cli.Photo("people/ada/1.jpg", "ada");
        Cli.Server.Traffic.Hang("Upload");
        using var stop = new CancellationTokenSource();

        var run = Cli.RunAsync(stop.Token, "enrol", Path.Combine(Cli.Folder, "people"));
        await Cli.Server.Traffic.Reached;
        await stop.CancelAsync();

        Assert.Equal(130, (await run).Code);
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
