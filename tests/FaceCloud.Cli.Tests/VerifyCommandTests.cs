namespace FaceCloud.Cli.Tests;

public sealed class VerifyCommandTests : CliTests
{
    [Theory]
    [InlineData("ada", 0, "MATCH")]
    [InlineData("grace", 1, "NO_MATCH")]
    [InlineData("blurry", 2, "REJECTED_QUALITY")]
    [InlineData("empty", 2, "NO_FACE")]
    public async Task Verify_AgainstPerson_SaysOutcomeAndExitCode(string face, int code, string outcome)
    {
        var run = await Cli.RunAsync("verify", Cli.Photo("door.jpg", face), "--person", "ada");

        Assert.Equal(code, run.Code);
        Assert.Contains(outcome, run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Verify_Table_ShowsTheProbabilityWhereThereIsOne()
    {
        var match = await Cli.RunAsync("verify", Cli.Photo("door.jpg", "ada"), "--person", "ada");
        var without = await Cli.RunAsync("verify", Cli.Photo("other.jpg", "grace"), "--person", "ada");

        Assert.Matches(@"outcome\s+similarity\s+probability\s+threshold", match.Output);
        Assert.Matches(@"MATCH\s+0\.810\s+0\.970\s+", match.Output);
        Assert.DoesNotContain("0.970", without.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_Json_HasTheDocumentedShape()
    {
        var (code, json) = await Cli.RunJsonAsync("verify", Cli.Photo("door.jpg", "ada"), "--person", "ada");

        Assert.Equal(0, code);
        Assert.Equal(
            ["outcome", "matched", "similarity", "distance", "probability", "threshold", "embeddingContract", "bestFaceId", "probeFace", "reasons", "timings", "exitCode"],
            Fields(json));
        Assert.Equal("MATCH", json.GetProperty("outcome").GetString());
        Assert.Equal(0.81f, json.GetProperty("similarity").GetSingle());
        Assert.Equal(
            ["value", "source", "falseAcceptRate", "falsePositiveRate", "gallerySize", "extrapolated", "calibrationVersion", "comparisons"], Fields(json.GetProperty("threshold")));
        Assert.Equal("MODEL_CALIBRATION", json.GetProperty("threshold").GetProperty("source").GetString());
    }

    [Fact]
    public async Task Verify_NoFace_HasNoSimilarity()
    {
        var (code, json) = await Cli.RunJsonAsync("verify", Cli.Photo("door.jpg", "empty"), "--person", "ada");

        Assert.Equal(2, code);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("similarity").ValueKind);
    }

    [Fact]
    public async Task Verify_AgainstPhoto_NeedsNoGallery()
    {
        var run = await Cli.RunAsync("verify", Cli.Photo("a.jpg", "mallory"), "--photo", Cli.Photo("b.jpg", "mallory"));

        Assert.Equal(0, run.Code);
        Assert.Equal("", Cli.Server.Gallery.LastVerify!.GalleryId);
    }

    [Fact]
    public async Task Verify_ThresholdAndRate_AreSent()
    {
        await Cli.RunAsync("verify", Cli.Photo("a.jpg", "ada"), "--person", "ada", "--threshold", "0.55");
        var withThreshold = Cli.Server.Gallery.LastVerify!;
        await Cli.RunAsync("verify", Cli.Photo("a.jpg", "ada"), "--person", "ada", "--max-far", "0.0001");
        var withRate = Cli.Server.Gallery.LastVerify!;

        Assert.Equal(0.55f, withThreshold.Threshold);
        Assert.Equal(0.0001, withRate.MaxFalseAcceptRate);
    }

    [Theory]
    [InlineData("--person", "nobody", "PERSON_NOT_FOUND")]
    [InlineData("--person", "ada", "GALLERY_NOT_FOUND", "--gallery", "none")]
    [InlineData("--photo", "missing.jpg", "FILE_NOT_FOUND")]
    [InlineData("--person", "ada", "USAGE", "--photo", "x.jpg")]
    [InlineData("--person", "ada", "USAGE", "--threshold", "1.5")]
    [InlineData("--person", "ada", "USAGE", "--threshold", "much")]
    [InlineData("--person", "ada", "USAGE", "--max-far", "1")]
    [InlineData("--person", "ada", "USAGE", "--max-far", "0.1", "--threshold", "0.5")]
    [InlineData("--gallery", "default", "USAGE")]
    public async Task Verify_BadInput_ExitsTwoWithTheReason(string option, string value, string reason, params string[] more)
    {
        var (code, json) = await Cli.RunJsonAsync(["verify", Cli.Photo("a.jpg", "ada"), option, value, .. more]);

        Assert.Equal(2, code);
        Assert.Equal(reason, Reason(json));
    }

    [Fact]
    public async Task Verify_DamagedPhoto_ExitsTwoWithTheServersSentence()
    {
        var run = await Cli.RunAsync("verify", Cli.Photo("a.jpg", "damaged"), "--person", "ada");

        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Output);
        Assert.Equal($"facecloud: The photo is cut off; send it again. [PHOTO_DAMAGED]{Environment.NewLine}", run.Error);
    }
}
