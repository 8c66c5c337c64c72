using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Tests;

public sealed class IdentifyCommandTests : CliTests
{
    [Theory]
    [InlineData("ada", 0, "RECOGNIZED")]
    [InlineData("mallory", 1, "NOT_RECOGNIZED")]
    [InlineData("twins", 1, "AMBIGUOUS")]
    [InlineData("blurry", 2, "REJECTED_QUALITY")]
    [InlineData("empty", 2, "NO_FACE")]
    public async Task Identify_OnePhoto_SaysOutcomeAndExitCode(string face, int code, string outcome)
    {
        var run = await Cli.RunAsync("identify", Cli.Photo("door.jpg", face));

        Assert.Equal(code, run.Code);
        Assert.Contains(outcome, run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Identify_Recognised_ShowsPersonSimilarityAndWhereTheThresholdCameFrom()
    {
        var run = await Cli.RunAsync("identify", Cli.Photo("door.jpg", "ada"));

        var row = run.Output.Split('\n').Single(line => line.Contains("door.jpg", StringComparison.Ordinal));
        Assert.Contains("ada", row, StringComparison.Ordinal);
        Assert.Contains("0.810", row, StringComparison.Ordinal);
        Assert.Contains("0.417 (MODEL_CALIBRATION, FAR 0.001)", row, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task Identify_Json_HasTheDocumentedShape()
    {
        var photo = Cli.Photo("door.jpg", "ada");

        var (_, json) = await Cli.RunJsonAsync("identify", photo);

        var answer = json.GetProperty("photos").EnumerateArray().Single();
        Assert.Equal(["photo", "outcome", "facesFound", "threshold", "embeddingContract", "faces", "timings", "exitCode"], Fields(answer));
        Assert.Equal(photo, answer.GetProperty("photo").GetString());
        var face = answer.GetProperty("faces").EnumerateArray().Single();
        Assert.Equal(["outcome", "personId", "face", "candidates", "reasons"], Fields(face));
        Assert.Equal("ada", face.GetProperty("personId").GetString());
        Assert.Equal(
            ["personId", "name", "externalId", "similarity", "distance", "bestFaceId", "aboveThreshold", "probability"],
            Fields(face.GetProperty("candidates").EnumerateArray().Single()));
    }

    [Fact]
    public async Task Identify_SeveralPhotos_AnswersInOrderAndExitsWithTheWorst()
    {
        string[] photos = [Cli.Photo("1.jpg", "ada"), Cli.Photo("2.jpg", "mallory"), Cli.Photo("3.jpg", "damaged"), Path.Combine(Cli.Folder, "4.jpg")];

        var (code, json) = await Cli.RunJsonAsync(["identify", .. photos]);

        var answers = json.GetProperty("photos").EnumerateArray().ToArray();
        Assert.Equal(2, code);
        Assert.Equal(photos, answers.Select(answer => answer.GetProperty("photo").GetString()));
        Assert.Equal([0, 1, 2, 2], answers.Select(answer => answer.GetProperty("exitCode").GetInt32()));
        Assert.Equal("PHOTO_DAMAGED", Reason(answers[2]));
        Assert.Equal("FILE_NOT_FOUND", Reason(answers[3]));
    }

    [Fact]
    public async Task Identify_AllFaces_ListsEachAndOneRecognisedIsEnough()
    {
        var (code, json) = await Cli.RunJsonAsync("identify", Cli.Photo("group.jpg", "blurry", "mallory", "grace"), "--all-faces");

        var faces = json.GetProperty("photos").EnumerateArray().Single().GetProperty("faces").EnumerateArray();
        Assert.Equal(0, code);
        Assert.Equal(["REJECTED_QUALITY", "NOT_RECOGNIZED", "RECOGNIZED"], faces.Select(face => face.GetProperty("outcome").GetString()));
        Assert.Equal(FaceSelection.All, Cli.Server.Gallery.LastIdentify!.Faces);
    }

    [Fact]
    public async Task Identify_Candidates_ShowsThoseBelowTheThresholdToo()
    {
        var run = await Cli.RunAsync("identify", Cli.Photo("door.jpg", "mallory"), "--candidates", "2");

        Assert.Equal(1, run.Code);
        Assert.Contains("ada [below]", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, Cli.Server.Gallery.LastIdentify!.MaxCandidates);
        Assert.True(Cli.Server.Gallery.LastIdentify.IncludeBelowThreshold);
    }

    [Fact]
    public async Task Identify_ThresholdRateAndGallery_AreSent()
    {
        Cli.Server.Gallery.Fill("staff");
        await Cli.RunAsync("identify", Cli.Photo("door.jpg", "ada"), "--gallery", "staff", "--threshold", "0.6");
        var withThreshold = Cli.Server.Gallery.LastIdentify!;
        await Cli.RunAsync("identify", Cli.Photo("door.jpg", "ada"), "--max-fpir", "0.001");
        var withRate = Cli.Server.Gallery.LastIdentify!;

        Assert.Equal(("staff", 0.6f), (withThreshold.GalleryId, withThreshold.Threshold));
        Assert.Equal(("default", 0.001), (withRate.GalleryId, withRate.MaxFalsePositiveRate));
    }

    [Fact]
    public async Task Identify_UnknownGallery_EndsTheCommand()
    {
        var (code, json) = await Cli.RunJsonAsync("identify", Cli.Photo("a.jpg", "ada"), Cli.Photo("b.jpg", "ada"), "--gallery", "none");

        Assert.Equal(2, code);
        Assert.Equal("GALLERY_NOT_FOUND", Reason(json));
    }

    [Fact]
    public async Task Identify_Folder_SaysThatItTakesPhotos()
    {
        var (code, json) = await Cli.RunJsonAsync("identify", Cli.Folder);

        Assert.Equal(2, code);
        Assert.Equal("FILE_NOT_FOUND", Reason(json.GetProperty("photos").EnumerateArray().Single()));
    }
}
