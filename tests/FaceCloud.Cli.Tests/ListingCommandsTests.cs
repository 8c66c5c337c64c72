using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Tests;

public sealed class ListingCommandsTests : CliTests
{
    [Fact]
    public async Task People_List_ShowsAll()
    {
        var run = await Cli.RunAsync("people", "list");
        var (code, json) = await Cli.RunJsonAsync("people", "list");

        Assert.Equal((0, 0), (run.Code, code));
        Assert.Matches(@"ada\s+.*\n.*grace", run.Output);
        Assert.Equal(["ada", "grace"], json.GetProperty("people").EnumerateArray().Select(person => person.GetProperty("personId").GetString()));
        Assert.Equal(["personId", "name", "externalId", "metadata", "faceCount", "createdAt"], Fields(json.GetProperty("people")[0]));
    }

    [Fact]
    public async Task People_Show_HasPersonAndFaces()
    {
        var (code, json) = await Cli.RunJsonAsync("people", "show", "ada");
        var run = await Cli.RunAsync("people", "show", "ada");

        Assert.Equal(0, code);
        Assert.Equal("ada", json.GetProperty("person").GetProperty("personId").GetString());
        Assert.Equal("face-1", json.GetProperty("faces").EnumerateArray().Single().GetProperty("faceId").GetString());
        Assert.Contains("face-1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_Delete_IsGoneAfterwards()
    {
        var (deleted, json) = await Cli.RunJsonAsync("people", "delete", "ada");
        var (again, failure) = await Cli.RunJsonAsync("people", "delete", "ada");

        Assert.Equal((0, 2), (deleted, again));
        Assert.Equal("ada", json.GetProperty("deleted").GetProperty("personId").GetString());
        Assert.Equal("PERSON_NOT_FOUND", Reason(failure));
    }

    [Fact]
    public async Task Faces_ListAndDelete_Agree()
    {
        var (_, all) = await Cli.RunJsonAsync("faces", "list");
        var (_, ofOne) = await Cli.RunJsonAsync("faces", "list", "--person", "grace");
        var (deleted, json) = await Cli.RunJsonAsync("faces", "delete", "face-2");
        var (again, failure) = await Cli.RunJsonAsync("faces", "delete", "face-2");

        Assert.Equal(2, all.GetProperty("faces").GetArrayLength());
        Assert.Equal("face-2", ofOne.GetProperty("faces").EnumerateArray().Single().GetProperty("faceId").GetString());
        Assert.Equal((0, 2), (deleted, again));
        Assert.Equal("face-2", json.GetProperty("deleted").GetProperty("faceId").GetString());
        Assert.Equal("FACE_NOT_FOUND", Reason(failure));
    }

    [Fact]
    public async Task Galleries_CreateShowListDelete_Agree()
    {
        var (created, json) = await Cli.RunJsonAsync("galleries", "create", "staff", "--name", "Staff");
        var (exists, failure) = await Cli.RunJsonAsync("galleries", "create", "staff");
        var shown = await Cli.RunAsync("galleries", "show", "staff");
        var (_, listed) = await Cli.RunJsonAsync("galleries", "list");
        var (deleted, _) = await Cli.RunJsonAsync("galleries", "delete", "staff");

        Assert.Equal((0, 2, 0, 0), (created, exists, shown.Code, deleted));
        Assert.Equal(
            ["galleryId", "name", "personCount", "faceCount", "embeddingContract", "settings", "activeCalibration", "createdAt"], Fields(json.GetProperty("gallery")));
        Assert.Equal("GALLERY_EXISTS", Reason(failure));
        Assert.Contains("Staff", shown.Output, StringComparison.Ordinal);
        Assert.Equal(["default", "staff"], listed.GetProperty("galleries").EnumerateArray().Select(gallery => gallery.GetProperty("galleryId").GetString()));
        Assert.False(Cli.Server.Gallery.Has("staff"));
    }

    [Fact]
    public async Task Jobs_AfterAnEnrolment_ListShowItemsAndWatchAgree()
    {
        Cli.Photo("people/ada/1.jpg", "ada");
        Cli.Photo("people/ada/2.jpg", "blurry");
        await Cli.RunAsync("enrol", Path.Combine(Cli.Folder, "people"));

        var (_, listed) = await Cli.RunJsonAsync("jobs", "list");
        var (_, shown) = await Cli.RunJsonAsync("jobs", "show", "job-1");
        var (_, items) = await Cli.RunJsonAsync("jobs", "items", "job-1", "--outcome", "rejected_quality");
        var (watched, last) = await Cli.RunJsonAsync("jobs", "watch", "job-1");

        Assert.Equal("job-1", listed.GetProperty("jobs").EnumerateArray().Single().GetProperty("jobId").GetString());
        Assert.Equal(
            ["jobId", "galleryId", "state", "counts", "itemsPerSecond", "paused", "recentItemsPerSecond", "remainingSeconds", "onDuplicate", "priority", "createdAt", "updatedAt"],
            Fields(shown.GetProperty("job")));
        var item = items.GetProperty("items").EnumerateArray().Single();
        Assert.Equal(["itemId", "personId", "source", "state", "outcome", "reasons", "message", "faceId", "createdAt", "finishedAt", "attempt", "held"], Fields(item));
        Assert.Equal("ada/2.jpg", item.GetProperty("source").GetString());
        Assert.Equal(0, watched);
        Assert.Equal("COMPLETED", last.GetProperty("job").GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("show")]
    [InlineData("items")]
    [InlineData("watch")]
    public async Task Jobs_UnknownJob_ExitsTwo(string verb)
    {
        var (code, json) = await Cli.RunJsonAsync("jobs", verb, "none");

        Assert.Equal(2, code);
        Assert.Equal("JOB_NOT_FOUND", Reason(json));
    }

    [Fact]
    public async Task Jobs_ItemsWithAnOutcomeThatIsNone_ExitsTwo()
    {
        var (code, json) = await Cli.RunJsonAsync("jobs", "items", "job-1", "--outcome", "splendid");

        Assert.Equal(2, code);
        Assert.Equal("USAGE", Reason(json));
    }

    [Fact]
    public async Task Galleries_CreateWithSettings_SendsThem()
    {
        var (created, json) = await Cli.RunJsonAsync(
            "galleries", "create", "door", "--max-far", "0.0001", "--identify-threshold", "0.6", "--margin", "0.05", "--min-quality", "0.3", "--scoring", "mean", "--mean-of", "3");
        var shown = await Cli.RunAsync("galleries", "show", "door");

        var settings = json.GetProperty("gallery").GetProperty("settings");
        Assert.Equal(0, created);
        Assert.Equal((0.0001, 0.6f, "MEAN_OF_BEST", 3), (
            settings.GetProperty("maxFalseAcceptRate").GetDouble(),
            settings.GetProperty("identifyThreshold").GetSingle(),
            settings.GetProperty("scoring").GetString(),
            settings.GetProperty("meanOfBest").GetInt32()));
        Assert.Contains("MEAN_OF_BEST", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Galleries_Update_KeepsWhatIsNotGiven()
    {
        await Cli.RunJsonAsync("galleries", "update", "default", "--max-fpir", "0.001", "--min-quality", "0.4");
        await Cli.RunJsonAsync("galleries", "update", "default", "--scoring", "centroid", "--name", "Door");
        var kept = Cli.Server.Gallery.LastUpdate!;
        await Cli.RunJsonAsync("galleries", "update", "default", "--identify-threshold", "0.5");
        var cosine = Cli.Server.Gallery.LastUpdate!;
        await Cli.RunJsonAsync("galleries", "update", "default", "--defaults", "--margin", "0");
        var fresh = Cli.Server.Gallery.LastUpdate!;

        Assert.Equal(("Door", 0.001, 0.4f, PersonScoring.Centroid), (kept.Name, kept.Settings.MaxFalsePositiveRate, kept.Settings.MinQuality, kept.Settings.Scoring));
        Assert.Equal((0.5f, false, false), (cosine.Settings.IdentifyThreshold, cosine.Settings.HasMaxFalsePositiveRate, cosine.HasName));
        Assert.Equal(new GallerySettings { AmbiguityMargin = 0 }, fresh.Settings);
    }

    [Theory]
    [InlineData("--scoring", "worst")]
    [InlineData("--min-quality", "2")]
    [InlineData("--max-fpir", "NaN")]
    [InlineData("--mean-of", "0")]
    [InlineData("--verify-threshold", "0.4", "--max-far", "0.1")]
    public async Task Galleries_SettingOutOfRange_ExitsTwo(params string[] settings)
    {
        var (created, json) = await Cli.RunJsonAsync(["galleries", "create", "door", .. settings]);

        Assert.Equal(2, created);
        Assert.Equal("USAGE", Reason(json));
        Assert.False(Cli.Server.Gallery.Has("door"));
    }
}
