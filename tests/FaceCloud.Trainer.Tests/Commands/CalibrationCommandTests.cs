using System.CommandLine;
using FaceCloud.Inference.Models;
using FaceCloud.Onnx;
using FaceCloud.Testing;
using FaceCloud.Trainer.Commands;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Commands;

/// <summary><c>calibrate</c> and <c>train head</c> from the outside.</summary>
public sealed class CalibrationCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Encoder => Path.Combine(TestModels.Shared.Directory, TestModels.Shared.Manifest.Models[1].File);

    [Fact]
    public async Task CalibrateThenTrainHead_EnoughPersons_ManifestAndReport()
    {
        var manifest = WriteManifest();
        WriteNoise(persons: 60, photos: 3);
        string[] common =
            ["--data", _folder.Path, "--cache", _folder["cache"], "--manifest", manifest, "--name", TestModels.EncoderName, "--report", _folder["report"], "--seed", "2"];

        var calibrated = await RunAsync(["calibrate", Encoder, .. common, "--resamples", "100"]);
        var fitted = await RunAsync(["train", "head", Encoder, .. common, "--resamples", "20"]);

        Assert.Equal((0, ""), (calibrated.Code, calibrated.Error));
        Assert.Equal((0, ""), (fitted.Code, fitted.Error));
        var entry = ModelManifest.Load(manifest).Models[1];
        // 15,930 impostor pairs: enough for 1e-3, not for 1e-4.
        Assert.Equal([1e-2, 1e-3], entry.Calibration!.Points.Select(point => point.FalseAcceptRate));
        Assert.Equal((60, 180L, 15_930L), (entry.Calibration.Persons, entry.Calibration.GenuinePairs, entry.Calibration.ImpostorPairs));
        Assert.All(entry.Calibration.Points, point => Assert.NotNull(point.Interval));
        Assert.Contains("15,930 impostor pairs", entry.Calibration.Source, StringComparison.Ordinal);
        Assert.Contains("not enough impostor pairs", calibrated.Output, StringComparison.Ordinal);
        Assert.Equal(0.5, entry.Head!.Prior);
        Assert.NotNull(new ModelDescription(entry, Encoder).Head);
        var page = await File.ReadAllTextAsync(_folder["report/report.html"], CancellationToken.None);
        Assert.Equal(4, page.Split("<svg ").Length - 1);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.All(["roc.svg", "det.svg", "scores.svg", "reliability.svg", "curve.csv", "heads.csv"], file => Assert.True(File.Exists(_folder[$"report/{file}"]), file));
    }

    [Fact]
    public async Task TrainHead_ReportThatCannotBeWritten_HeadIsKept()
    {
        var manifest = WriteManifest();
        WriteNoise(persons: 8, photos: 3);
        await File.WriteAllTextAsync(_folder["report"], "a file where the folder should be", CancellationToken.None);

        var run = await RunAsync(
            "train", "head", Encoder, "--data", _folder.Path, "--cache", _folder["cache"], "--resamples", "20",
            "--manifest", manifest, "--name", TestModels.EncoderName, "--report", _folder["report"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("report could not be written", run.Error, StringComparison.Ordinal);
        Assert.NotNull(ModelManifest.Load(manifest).Models[1].Head);
    }

    [Fact]
    public async Task Calibrate_TooFewPairs_WritesNothing()
    {
        var manifest = WriteManifest();
        var before = await File.ReadAllTextAsync(manifest, CancellationToken.None);
        WriteNoise(persons: 5, photos: 2);

        var run = await RunAsync("calibrate", Encoder, "--data", _folder.Path, "--cache", _folder["cache"], "--manifest", manifest, "--name", TestModels.EncoderName, "--resamples", "100");

        Assert.Equal(1, run.Code);
        Assert.Contains("not enough impostor pairs", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(manifest, CancellationToken.None));
    }

    [Fact]
    public async Task Calibrate_OnePhotoEach_SaysWhatIsMissing()
    {
        WriteNoise(persons: 5, photos: 1);

        var run = await RunAsync("calibrate", Encoder, "--data", _folder.Path, "--cache", _folder["cache"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("0 pairs of one person", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_NobodyHeldOut_EveryoneHelps()
    {
        foreach (var person in Enumerable.Range(0, 4))
        {
            Directory.CreateDirectory(_folder[$"people/p{person}"]);
            foreach (var photo in Enumerable.Range(0, 2))
            {
                await File.WriteAllBytesAsync(_folder[$"people/p{person}/{photo}.png"], DrawnFaces.Png(person, photo), CancellationToken.None);
            }
        }

        var heldOut = await RunAsync("calibrate", Encoder, "--data", _folder["people"], "--cache", _folder["cache"], "--resamples", "100");
        var everyone = await RunAsync("calibrate", Encoder, "--data", _folder["people"], "--cache", _folder["cache"], "--resamples", "100", "--everyone");

        Assert.Contains("--everyone takes all persons", heldOut.Error, StringComparison.Ordinal);
        Assert.Contains("8 photos of 4 persons", everyone.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_ListedPairs_OnlyThese()
    {
        WriteNoise(persons: 5, photos: 2);
        await File.WriteAllTextAsync(_folder["pairs.csv"], "a,b,same\n000000.webp,000001.webp,1\n000000.webp,000002.webp,0\n", CancellationToken.None);

        var run = await RunAsync("calibrate", Encoder, "--data", _folder.Path, "--cache", _folder["cache"], "--pairs", _folder["pairs.csv"], "--resamples", "100");

        Assert.Contains("1 genuine and 1 impostor pairs", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_SuspectsWithoutAFile_SaysSo()
    {
        WriteNoise(persons: 5, photos: 2);

        var run = await RunAsync("calibrate", Encoder, "--data", _folder.Path, "--cache", _folder["cache"], "--exclude-suspects");

        Assert.Equal(1, run.Code);
        Assert.Contains("suspects.csv", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("calibrate")]
    [InlineData("train head")]
    public async Task EitherVerb_WrongModelOrManifest_OneSentenceEach(string verb)
    {
        var manifest = WriteManifest();
        var changed = _folder["changed.onnx"];
        await File.WriteAllBytesAsync(changed, [.. await File.ReadAllBytesAsync(Encoder, CancellationToken.None), 0], CancellationToken.None);
        await File.WriteAllTextAsync(_folder["run.checkpoint"], "x", CancellationToken.None);
        string[] data = ["--data", _folder.Path, "--cache", _folder["cache"]];

        Assert.Contains("There is no model", await ErrorAsync([.. verb.Split(' '), _folder["absent.onnx"], .. data]), StringComparison.Ordinal);
        Assert.Contains("go together", await ErrorAsync([.. verb.Split(' '), Encoder, .. data, "--manifest", manifest]), StringComparison.Ordinal);
        Assert.Contains("no encoder 'other'", await ErrorAsync([.. verb.Split(' '), Encoder, .. data, "--manifest", manifest, "--name", "other"]), StringComparison.Ordinal);
        Assert.Contains("SHA-256", await ErrorAsync([.. verb.Split(' '), changed, .. data, "--manifest", manifest, "--name", TestModels.EncoderName]), StringComparison.Ordinal);
        Assert.Contains("export it first", await ErrorAsync([.. verb.Split(' '), _folder["run.checkpoint"], .. data, "--manifest", manifest, "--name", TestModels.EncoderName]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_ModelThatGivesNan_NamesThePhoto()
    {
        WriteNoise(persons: 3, photos: 2);
        var graph = new GraphBuilder("nan");
        var pixels = graph.AveragePool(graph.Input("input", "N", 3, 112, 112), (56, 56), (56, 56));
        graph.Output("embedding", graph.Flatten(graph.Log(graph.Subtract(pixels, graph.Scalar(10)))), "N", 12);
        await File.WriteAllBytesAsync(_folder["nan.onnx"], graph.ToBytes(), CancellationToken.None);

        // Log of a negative number; the model's own start is refused first where it shows there already.
        var error = await ErrorAsync(["calibrate", _folder["nan.onnx"], "--data", _folder.Path, "--cache", _folder["cache"]]);

        Assert.Contains("000000.webp", error, StringComparison.Ordinal);
        Assert.Contains("NaN", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainHead_TooFewPersons_SaysHowMany()
    {
        WriteNoise(persons: 3, photos: 2);

        var error = await ErrorAsync(["train", "head", Encoder, "--data", _folder.Path, "--cache", _folder["cache"]]);

        Assert.Contains("four persons", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainHead_ToAFile_HeadOfThisContract()
    {
        WriteNoise(persons: 12, photos: 3);

        var run = await RunAsync("train", "head", Encoder, "--data", _folder.Path, "--cache", _folder["cache"], "--out", _folder["head.json"], "--kind", "Cosine", "--resamples", "20", "--divisor", "100");

        Assert.Equal((0, ""), (run.Code, run.Error));
        var json = await File.ReadAllTextAsync(_folder["head.json"], CancellationToken.None);
        Assert.Contains("\"kind\": \"cosine\"", json, StringComparison.Ordinal);
        Assert.Contains("\"embeddingContract\": \"test_encoder:", json, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string WriteManifest()
    {
        var path = _folder["models.json"];
        File.WriteAllText(path, TestModels.Shared.Manifest.ToJson());
        return path;
    }

    /// <summary>Shards of tiles in random colours, half of them a person's own: alike enough to measure, unlike enough to err. All held out.</summary>
    private void WriteNoise(int persons, int photos) => DrawnFaces.WriteTiles(_folder.Path, persons, photos);

    private static async Task<string> ErrorAsync(string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(1, run.Code);
        return run.Error;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var configuration = new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() };
        var code = await TrainerCommand.Create().Parse(arguments).InvokeAsync(configuration, CancellationToken.None);
        return (code, configuration.Output.ToString()!, configuration.Error.ToString()!);
    }
}
