using System.CommandLine;
using FaceCloud.Testing;
using FaceCloud.Trainer.Commands;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Commands;

/// <summary>The detector's verbs from the outside, errors as the user sees them.</summary>
public sealed class DetectorCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task TrainExportEval_FilesInAFolder_WorkFromEndToEnd()
    {
        LabelledDrawings.Write(_folder.Path, count: 24, faceFree: 2, shard: false, damaged: 3);
        string[] data = ["--data", _folder.Path, "--cache", _folder["cache"]];

        var trained = await RunAsync(["train", "detector", .. data, "--run", _folder["run"], "--network", "pyramid-xs", "--steps", "2", "--threads", "1"]);
        var exported = await RunAsync("export", _folder["run/last.checkpoint"], _folder["model.onnx"]);
        var halved = await RunAsync("export", _folder["run/last.checkpoint"], _folder["half.onnx"], "--weights", "Half");
        var scored = await RunAsync(["eval", "detector", _folder["run/last.checkpoint"], _folder["model.onnx"], .. data, "--scenes", "2"]);

        Assert.Equal(0, trained.Code);
        Assert.Contains("1 photos are missing or cannot be read", trained.Error, StringComparison.Ordinal);
        Assert.Contains("3.png", trained.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (exported.Code, exported.Error));
        Assert.Equal((0, ""), (halved.Code, halved.Error));
        Assert.Equal((0, ""), (scored.Code, scored.Error));
        var lines = scored.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        // The checkpoint and what was exported from it see the same.
        Assert.Equal(lines[0][(_folder["run/last.checkpoint"].Length)..], lines[1][(_folder["model.onnx"].Length)..]);
        Assert.InRange(new FileInfo(_folder["half.onnx"]).Length, 1, (0.6 * new FileInfo(_folder["model.onnx"]).Length) + 1);
    }

    [Fact]
    public async Task EvalDetector_PlainPhotos_CountsThoseWithoutAFaceAndDraws()
    {
        Directory.CreateDirectory(_folder["photos"]);
        await File.WriteAllBytesAsync(_folder["photos/ann.jpg"], TestPhotos.Person(1), CancellationToken.None);
        await File.WriteAllBytesAsync(_folder["photos/two.jpg"], TestPhotos.Group(1, 2), CancellationToken.None);
        await File.WriteAllBytesAsync(_folder["photos/hills.jpg"], TestPhotos.Landscape(), CancellationToken.None);
        await File.WriteAllBytesAsync(_folder["photos/broken.jpg"], [1, 2, 3], CancellationToken.None);
        var model = Path.Combine(TestModels.Shared.Directory, "test_detector.onnx");

        var (code, output, error) = await RunAsync("eval", "detector", model, model, "--photos", _folder["photos"], "--draw", _folder["drawn"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("3 faces on 4 photos, 1 with several, 1 unreadable, 1 without a face: hills.jpg", output, StringComparison.Ordinal);
        Assert.Contains("landmarks 0.00 % of the eye distance from the last one's (mean of 3 faces", output, StringComparison.Ordinal);
        Assert.Equal(["ann.jpg", "hills.jpg", "two.jpg"], Directory.EnumerateFiles(_folder["drawn"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TrainDetector_FolderWithoutLabels_SaysWhatIsExpected()
    {
        var (code, _, error) = await RunAsync("train", "detector", "--data", _folder.Path, "--run", _folder["run"]);

        Assert.Equal(1, code);
        Assert.Contains("labels.csv", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public async Task TrainDetector_UnknownNetwork_NamesTheKnownOnes()
    {
        LabelledDrawings.Write(_folder.Path, count: 12);

        var (code, _, error) = await RunAsync("train", "detector", "--data", _folder.Path, "--cache", _folder["cache"], "--run", _folder["run"], "--network", "yolo");

        Assert.Equal(1, code);
        Assert.Contains("'yolo'", error, StringComparison.Ordinal);
        Assert.Contains("pyramid-s", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalDetector_NothingToScoreOn_SaysSo()
    {
        var (code, _, error) = await RunAsync("eval", "detector", _folder["any.onnx"]);

        Assert.Equal(1, code);
        Assert.Contains("--data", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalDetector_AnEncoder_IsRefused()
    {
        var model = Path.Combine(TestModels.Shared.Directory, "test_encoder.onnx");

        var (code, _, error) = await RunAsync("eval", "detector", model, "--speed");

        Assert.Equal(1, code);
        Assert.Contains("is no YuNet-shaped detector", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1.5")]
    public async Task EvalDetector_OddThreshold_IsRefused(string threshold)
    {
        var (code, _, error) = await RunAsync("eval", "detector", _folder["any.onnx"], "--speed", "--threshold", threshold);

        Assert.Equal(1, code);
        Assert.Contains("--threshold must lie between 0.02 and 1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_NoCheckpoint_SaysSo()
    {
        await File.WriteAllTextAsync(_folder["nonsense"], "hello, this is not a checkpoint", CancellationToken.None);

        var missing = await RunAsync("export", _folder["gone"], _folder["model.onnx"]);
        var nonsense = await RunAsync("export", _folder["nonsense"], _folder["model.onnx"]);

        Assert.Equal(1, missing.Code);
        Assert.Contains("There is no checkpoint", missing.Error, StringComparison.Ordinal);
        Assert.Equal(1, nonsense.Code);
        Assert.Contains("no checkpoint of this trainer", nonsense.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["model.onnx"]));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var configuration = new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() };
        var code = await TrainerCommand.Create().Parse(arguments).InvokeAsync(configuration, CancellationToken.None);
        return (code, configuration.Output.ToString()!, configuration.Error.ToString()!);
    }
}
