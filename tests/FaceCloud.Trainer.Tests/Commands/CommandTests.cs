using System.CommandLine;
using FaceCloud.Trainer.Commands;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Commands;

/// <summary>The verbs from the outside, errors as the user sees them.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task TrainEncoder_FolderWithoutPhotos_SaysWhatIsExpected()
    {
        var (code, error) = await RunAsync("train", "encoder", "--data", _folder.Path, "--run", _folder["run"]);

        Assert.Equal(1, code);
        Assert.Contains("one folder a person", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainEncoder_UnknownNetwork_NamesTheKnownOnes()
    {
        DrawnFaces.WriteShards(_folder.Path, persons: 3, photos: 2);

        var (code, error) = await RunAsync(
            "train", "encoder", "--data", _folder.Path, "--cache", _folder["cache"], "--run", _folder["run"], "--network", "alexnet", "--distillation", "0");

        Assert.Equal(1, code);
        Assert.Contains("'alexnet'", error, StringComparison.Ordinal);
        Assert.Contains("resnet-s", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainEncoder_NoTeacher_SaysHowToGoOn()
    {
        DrawnFaces.WriteShards(_folder.Path, persons: 3, photos: 2);

        var (code, error) = await RunAsync("train", "encoder", "--data", _folder.Path, "--cache", _folder["cache"], "--run", _folder["run"]);

        Assert.Equal(1, code);
        Assert.Contains("--distillation 0", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainEncoder_OddNumber_IsRefusedBeforeAnythingStarts()
    {
        var (code, error) = await RunAsync("train", "encoder", "--data", _folder.Path, "--run", _folder["run"], "--photos", "1");

        Assert.Equal(1, code);
        Assert.Contains("--photos", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public async Task TrainExportEval_FoldersOfPersons_WorkFromEndToEnd()
    {
        foreach (var person in Enumerable.Range(0, 4))
        {
            Directory.CreateDirectory(_folder[$"people/p{person}"]);
            foreach (var photo in Enumerable.Range(0, 2))
            {
                await File.WriteAllBytesAsync(_folder[$"people/p{person}/{photo}.png"], DrawnFaces.Png(person, photo), CancellationToken.None);
            }
        }

        await File.WriteAllTextAsync(_folder["pairs.csv"], "a,b,same\np0/0.png,p0/1.png,1\np0/0.png,p1/0.png,0\n", CancellationToken.None);
        string[] data = ["--data", _folder["people"], "--cache", _folder["cache"], "--pairs", _folder["pairs.csv"]];

        var trained = await RunAsync(
            ["train", "encoder", .. data, "--run", _folder["run"], "--network", "resnet-xs", "--distillation", "0", "--triplet", "1", "--persons", "2", "--photos", "2", "--passes", "1", "--threads", "1"]);
        var exported = await RunAsync("export", _folder["run/last.checkpoint"], _folder["model.onnx"]);
        var scoredCheckpoint = await RunAsync(["eval", _folder["run/last.checkpoint"], .. data]);
        var scoredModel = await RunAsync(["eval", _folder["model.onnx"], .. data, "--flip"]);

        Assert.Equal((0, ""), trained);
        Assert.Equal((0, ""), exported);
        Assert.Equal((0, ""), scoredCheckpoint);
        Assert.Equal((0, ""), scoredModel);
        Assert.InRange(new FileInfo(_folder["model.onnx"]).Length, 1_000_000, 6_000_000);
    }

    [Fact]
    public async Task Eval_NoModel_IsNamed()
    {
        DrawnFaces.WriteShards(_folder.Path, persons: 2, photos: 2);
        await File.WriteAllTextAsync(_folder["pairs_val.csv"], "a,b,same\n000000.webp,000001.webp,1\n000000.webp,000002.webp,0\n", CancellationToken.None);
        await File.WriteAllTextAsync(_folder["broken.onnx"], "not a model", CancellationToken.None);

        var (code, error) = await RunAsync("eval", _folder["broken.onnx"], "--data", _folder.Path, "--cache", _folder["cache"]);

        Assert.Equal(1, code);
        Assert.Contains("broken.onnx is no ONNX model", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_PairOfAnUnknownPhoto_NamesTheLine()
    {
        DrawnFaces.WriteShards(_folder.Path, persons: 2, photos: 2);
        await File.WriteAllTextAsync(_folder["pairs_val.csv"], "a,b,same\n000000.webp,000001.webp,1\n000000.webp,999999.webp,0\n", CancellationToken.None);

        var (code, error) = await RunAsync("eval", _folder["any.onnx"], "--data", _folder.Path, "--cache", _folder["cache"]);

        Assert.Equal(1, code);
        Assert.Contains("line 3", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        var configuration = new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() };
        var code = await TrainerCommand.Create().Parse(arguments).InvokeAsync(configuration, CancellationToken.None);
        return (code, configuration.Error.ToString()!);
    }
}
