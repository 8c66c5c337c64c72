namespace FaceCloud.Cli.Tests;

public sealed class CalibrateCommandTests : CliTests
{
    [Fact]
    public async Task Calibrate_Gallery_ShowsRatesIntervalsAndWhatChanges()
    {
        var run = await Cli.RunAsync("calibrate", "default");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("Version 1, ACTIVE: 60 of 60 persons", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"1E-2\s+0\.345\s+0\.310 to 0\.380\s+93\.0 %\s+90\.0 % to 95\.0 %\s+106\s+42", run.Output);
        Assert.Matches(@"1E-4\s+1\s+1\s+not enough impostor pairs", run.Output);
        Assert.Matches(@"identify\s+0\.455 \(GALLERY_CALIBRATION v1, FPIR 0\.01 over 60\)", run.Output);
        Assert.Contains("No head", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_Json_HasTheDocumentedShape()
    {
        var (code, json) = await Cli.RunJsonAsync("calibrate", "default", "--rate", "0.02", "--rate", "0.005", "--dry-run");

        Assert.Equal(0, code);
        Assert.Equal(["calibration", "verifyThreshold", "identifyThreshold", "identifyThresholdOfModel", "exitCode"], Fields(json));
        Assert.Equal(
            ["version", "state", "embeddingContract", "scoring", "meanOfBest", "persons", "personsOfGallery", "faces", "genuinePersons", "genuineComparisons", "impostorComparisons", "rates", "hasHead", "headNote", "createdAt"],
            Fields(json.GetProperty("calibration")));
        Assert.Equal(
            ["falseAcceptRate", "threshold", "thresholdInterval", "trueAcceptRate", "trueAcceptInterval", "falseAccepts", "personPairs", "refusal"],
            Fields(json.GetProperty("calibration").GetProperty("rates")[0]));
        Assert.Equal([0.02, 0.005], Cli.Server.Gallery.LastCalibrate!.FalseAcceptRates);
        Assert.True(Cli.Server.Gallery.LastCalibrate.DryRun);
    }

    [Fact]
    public async Task Calibrate_ShowAndRollback_SayWhichDecides()
    {
        await Cli.RunAsync("calibrate", "default");
        await Cli.RunAsync("calibrate", "default");

        var shown = await Cli.RunAsync("calibrate", "show", "default");
        var one = await Cli.RunAsync("calibrate", "show", "default", "--details", "1");
        var back = await Cli.RunAsync("calibrate", "rollback", "default");
        var (_, none) = await Cli.RunJsonAsync("calibrate", "rollback", "default", "--to", "0");

        Assert.Contains("Version 2 decides.", shown.Output, StringComparison.Ordinal);
        Assert.Matches(@"2\s+ACTIVE\s+BEST_FACE\s+60\s+180\s+10620\s+1E-2\s+0\.345", shown.Output);
        Assert.Contains("93.0 %", one.Output, StringComparison.Ordinal);
        Assert.Contains("Version 1 decides.", back.Output, StringComparison.Ordinal);
        Assert.Equal(0, none.GetProperty("activeVersion").GetInt32());
    }

    [Theory]
    [InlineData("GALLERY_NOT_FOUND", "none")]
    [InlineData("CALIBRATION_IMPOSSIBLE", "empty")]
    [InlineData("USAGE", "default", "--rate", "NaN")]
    [InlineData("USAGE", "default", "--rate", "1")]
    [InlineData("USAGE")]
    [InlineData("CALIBRATION_NOT_FOUND", "show", "default", "--details", "7")]
    [InlineData("CALIBRATION_NOT_FOUND", "rollback", "default", "--to", "7")]
    public async Task Calibrate_BadInput_ExitsTwoWithTheReason(string reason, params string[] args)
    {
        Cli.Server.Gallery.Fill("empty");

        var (code, json) = await Cli.RunJsonAsync(["calibrate", .. args]);

        Assert.Equal(2, code);
        Assert.Equal(reason, Reason(json));
    }
}
