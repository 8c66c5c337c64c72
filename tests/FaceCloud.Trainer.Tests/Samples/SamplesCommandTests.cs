using System.CommandLine;
using FaceCloud.Trainer.Commands;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Samples;

public sealed class SamplesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Samples_FolderThatHoldsSome_IsNotMixedWithNew()
    {
        File.WriteAllText(_folder["manifest.csv"], "path,persons\n");

        var (code, error) = await RunAsync("--out", _folder.Path, "--encoder", "e.onnx");

        Assert.Equal(1, code);
        Assert.Contains("already holds sample people", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_EncoderThatIsNotThere_IsNamed()
    {
        var (code, error) = await RunAsync("--out", _folder["new"], "--encoder", _folder["missing.onnx"] + ":128");

        Assert.Equal(1, code);
        Assert.Contains(_folder["missing.onnx"], error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["new"]));
    }

    [Fact]
    public async Task Samples_MorePersonsThanNames_IsRefused()
    {
        var (code, error) = await RunAsync("--out", _folder["new"], "--encoder", "e.onnx", "--persons", "21");

        Assert.Equal(1, code);
        Assert.Contains("--persons must be 20 or less", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using var error = new StringWriter();
        using var output = new StringWriter();
        var parsed = TrainerCommand.Create().Parse(["samples", "--data", _folder.Path, "--models", _folder.Path, .. arguments]);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (code, error.ToString());
    }
}
