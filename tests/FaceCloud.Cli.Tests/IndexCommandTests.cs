using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Tests;

public sealed class IndexCommandTests : CliTests
{
    [Fact]
    public async Task Show_NothingDoneYet_SaysTheKind()
    {
        var run = await Cli.RunAsync("index", "show");
        var (code, json) = await Cli.RunJsonAsync("index", "show");

        Assert.Equal((0, 0), (run.Code, code));
        Assert.Contains("EMBEDDED", run.Output, StringComparison.Ordinal);
        Assert.Equal(["kind", "movingTo", "operation"], Fields(json.GetProperty("index")));
        Assert.Equal("EMBEDDED", json.GetProperty("index").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Verify_IndexThatAgrees_ExitsZeroWithTheCounts()
    {
        var (code, json) = await Cli.RunJsonAsync("index", "verify");

        var operation = json.GetProperty("index").GetProperty("operation");
        Assert.Equal(0, code);
        Assert.Equal(
            ["kind", "state", "galleryId", "repair", "galleries", "galleriesDone", "drift", "message", "startedAt", "finishedAt"], Fields(operation));
        Assert.Equal(["faces", "missing", "extra", "changed", "damaged"], Fields(operation.GetProperty("drift")));
        Assert.Equal("SUCCEEDED", operation.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(1, 0, 0, 0, false, 1)]
    [InlineData(0, 1, 0, 0, false, 1)]
    [InlineData(0, 0, 1, 0, false, 1)]
    [InlineData(0, 0, 0, 1, false, 1)]
    [InlineData(1, 1, 1, 0, true, 0)]
    [InlineData(0, 0, 0, 1, true, 1)]
    public async Task Verify_IndexThatDiffers_ExitsOneUnlessRepaired(int missing, int extra, int changed, int damaged, bool repair, int code)
    {
        Cli.Server.Index.Drift = new IndexDrift { Faces = 5, Missing = missing, Extra = extra, Changed = changed, Damaged = damaged };

        var run = repair ? await Cli.RunAsync("index", "verify", "--gallery", "default", "--repair") : await Cli.RunAsync("index", "verify");

        Assert.Equal(code, run.Code);
        Assert.Equal((repair ? "default" : "", repair), (Cli.Server.Index.LastVerify!.GalleryId, Cli.Server.Index.LastVerify.Repair));
        Assert.Contains("Waiting: nobody is there yet.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_UnknownGallery_ExitsTwo()
    {
        var (code, json) = await Cli.RunJsonAsync("index", "verify", "--gallery", "nowhere");

        Assert.Equal((2, "GALLERY_NOT_FOUND"), (code, Reason(json)));
    }

    [Fact]
    public async Task Rebuild_ThatFails_ExitsThreeWithTheMessage()
    {
        Cli.Server.Index.End = IndexOperationState.Failed;

        var run = await Cli.RunAsync("index", "rebuild");

        Assert.Equal(3, run.Code);
        Assert.Contains("It broke.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switch_ToQdrant_WaitsForTheMove()
    {
        var (code, json) = await Cli.RunJsonAsync("index", "switch", "qdrant");

        Assert.Equal((0, "QDRANT"), (code, json.GetProperty("index").GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData("index", "switch")]
    [InlineData("index", "switch", "faiss")]
    [InlineData("index", "repair")]
    public async Task Index_WrongWords_ExitTwo(params string[] command)
    {
        var (code, json) = await Cli.RunJsonAsync(command);

        Assert.Equal((2, "USAGE"), (code, Reason(json)));
    }
}
