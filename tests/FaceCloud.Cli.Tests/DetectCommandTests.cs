namespace FaceCloud.Cli.Tests;

public sealed class DetectCommandTests : CliTests
{
    [Fact]
    public async Task Detect_Faces_ShowsBoxConfidenceQualityAndReasons()
    {
        var run = await Cli.RunAsync("detect", Cli.Photo("group.jpg", "ada", "blurry"));

        var rows = run.Output.Split('\n').Where(line => line.Contains("group.jpg", StringComparison.Ordinal)).ToArray();
        Assert.Equal(0, run.Code);
        Assert.Equal(2, rows.Length);
        Assert.Contains("10,20 100x120", rows[0], StringComparison.Ordinal);
        Assert.Contains("0.930", rows[0], StringComparison.Ordinal);
        Assert.Contains("LOW_SHARPNESS", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detect_Json_HasTheDocumentedShape()
    {
        var (code, json) = await Cli.RunJsonAsync("detect", Cli.Photo("group.jpg", "ada"));

        var answer = json.GetProperty("photos").EnumerateArray().Single();
        var face = answer.GetProperty("faces").EnumerateArray().Single();
        Assert.Equal(0, code);
        Assert.Equal(["photo", "width", "height", "facesFound", "faces", "timings", "exitCode"], Fields(answer));
        Assert.Equal(["box", "confidence", "quality", "reasons"], Fields(face));
        Assert.Equal(["x", "y", "width", "height"], Fields(face.GetProperty("box")));
        Assert.Equal(["score", "sharpness", "brightness", "yaw", "pitch", "roll", "forRecognition"], Fields(face.GetProperty("quality")));
        Assert.Equal(3, face.GetProperty("quality").GetProperty("yaw").GetSingle());
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("damaged")]
    public async Task Detect_NothingToSee_ExitsTwo(string face)
    {
        var run = await Cli.RunAsync("detect", Cli.Photo("good.jpg", "ada"), Cli.Photo("bad.jpg", face));

        Assert.Equal(2, run.Code);
        Assert.Contains("good.jpg", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detect_ZeroByteFile_ExitsTwoWithTheServersReason()
    {
        var (code, json) = await Cli.RunJsonAsync("detect", Cli.Photo("nothing.jpg"));

        Assert.Equal(2, code);
        Assert.Equal("PHOTO_EMPTY", Reason(json.GetProperty("photos").EnumerateArray().Single()));
    }
}
