using System.Security.Cryptography;
using System.Text.Json;
using FaceCloud.Onnx;
using FaceCloud.Testing;

namespace FaceCloud.Cli.Tests;

/// <summary>On files only: no server runs.</summary>
public sealed class ModelsCommandTests : IDisposable
{
    private const string NoServer = "http://localhost:1";
    private static readonly string Detector = Path.Combine(TestModels.Shared.Directory, "test_detector.onnx");
    private static readonly string Encoder = Path.Combine(TestModels.Shared.Directory, "test_encoder.onnx");

    private readonly string _folder = Directory.CreateTempSubdirectory("facecloud-models-").FullName;

    private string Models => Path.Combine(_folder, "models");

    [Fact]
    public async Task Add_DetectorAndEncoder_AreListedShownVerifiedAndInUse()
    {
        var detector = await RunAsync("add", Detector, "--profile", "yunet", "--use");
        var encoder = await RunAsync("add", Encoder, "--profile", "arcface", "--name", "mine", "--licence", "Ours.", "--use");

        var (_, list) = await JsonAsync("list");
        var models = list.GetProperty("models").EnumerateArray().ToDictionary(model => model.GetProperty("name").GetString()!);
        Assert.Equal((0, 0), (detector.Code, encoder.Code));
        Assert.Equal(Models, list.GetProperty("modelsDirectory").GetString());
        Assert.True(models["mine"].GetProperty("inUse").GetBoolean() && models["test_detector"].GetProperty("inUse").GetBoolean());
        Assert.Equal(("Ours.", 64), (models["mine"].GetProperty("licence").GetString(), models["mine"].GetProperty("dimension").GetInt32()));
        Assert.Equal(new FileInfo(Encoder).Length, models["mine"].GetProperty("bytes").GetInt64());
        Assert.Contains("calibrate", encoder.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("verify")).Code);
    }

    [Fact]
    public async Task Show_EncoderWithoutCalibration_CardSaysWhatToDo()
    {
        await RunAsync("add", Encoder, "--profile", "facenet-is-wrong");
        await RunAsync("add", Encoder, "--profile", "arcface");

        var run = await RunAsync("show", "test_encoder");

        Assert.Equal(0, run.Code);
        Assert.Contains("(x - 127.5) / 127.5", run.Output, StringComparison.Ordinal);
        Assert.Contains($"test_encoder:{Sha(Encoder)[..12]}", run.Output, StringComparison.Ordinal);
        Assert.Contains("--threshold", run.Output, StringComparison.Ordinal);
        Assert.Contains("calibrate", run.Output, StringComparison.Ordinal);
        Assert.Contains(Sha(Encoder), run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Json_HasTheDocumentedShape()
    {
        await RunAsync("add", Encoder, "--profile", "arcface");

        var (code, json) = await JsonAsync("show", "test_encoder");

        var model = json.GetProperty("model");
        Assert.Equal(0, code);
        Assert.Equal(
            [
                "name", "kind", "inUse", "shipped", "filePresent", "path", "file", "bytes", "sha256", "licence", "origin", "note", "embeddingContract", "dimension", "input", "outputs", "calibration",
            ],
            Fields(model));
        Assert.Equal(["name", "width", "height", "channelOrder", "mean", "std", "fixedSize"], Fields(model.GetProperty("input")));
        Assert.Equal(JsonValueKind.Null, model.GetProperty("calibration").ValueKind);
    }

    [Fact]
    public async Task Show_ShippedEncoder_HasItsThresholds()
    {
        var (_, list) = await JsonAsync("list");
        var name = list.GetProperty("models").EnumerateArray().First(model => model.GetProperty("calibration").ValueKind == JsonValueKind.Object).GetProperty("name").GetString()!;

        var run = await RunAsync("show", name);

        Assert.Contains("FAR 0.001: cosine ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ChangedFile_ExitsTwoWithBothSums()
    {
        await RunAsync("add", Encoder, "--profile", "arcface");
        var path = Path.Combine(Models, "test_encoder.onnx");
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        var run = await RunAsync("verify");
        var (code, json) = await JsonAsync("verify", "test_encoder");

        var check = json.GetProperty("models")[0];
        Assert.Equal((2, 2), (run.Code, code));
        Assert.Contains(Sha(Encoder), run.Output, StringComparison.Ordinal);
        Assert.Contains(Sha(path), run.Output, StringComparison.Ordinal);
        Assert.Equal(["name", "state", "path", "sha256", "found"], Fields(check));
        Assert.Equal("WRONG", check.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Verify_OwnFileGone_ExitsTwo()
    {
        await RunAsync("add", Encoder, "--profile", "arcface");
        File.Delete(Path.Combine(Models, "test_encoder.onnx"));

        var run = await RunAsync("verify", "test_encoder");

        Assert.Equal(2, run.Code);
        Assert.Contains("MISSING", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Use_AnotherEncoder_SaysThatGalleriesNeedEnrollingAnew()
    {
        await RunAsync("add", Encoder, "--profile", "arcface", "--name", "first", "--use");
        await RunAsync("add", Encoder, "--profile", "arcface", "--name", "second");

        var (code, json) = await JsonAsync("use", "second");

        Assert.Equal(0, code);
        Assert.Equal(("first", $"second:{Sha(Encoder)[..12]}"), (json.GetProperty("before").GetString(), json.GetProperty("embeddingContract").GetString()));
        Assert.Contains("CONTRACT_MISMATCH", json.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("remove", "second")).Code);
        Assert.Equal(0, (await RunAsync("remove", "first")).Code);
        Assert.False(File.Exists(Path.Combine(Models, "first.onnx")));
    }

    [Fact]
    public async Task Use_FileGone_ExitsTwoAndKeepsTheChoice()
    {
        await RunAsync("add", Encoder, "--profile", "arcface", "--name", "first", "--use");
        await RunAsync("add", Encoder, "--profile", "arcface", "--name", "second");
        File.Delete(Path.Combine(Models, "second.onnx"));

        var run = await RunAsync("use", "second");

        Assert.Equal(2, run.Code);
        Assert.Contains("facecloud models add", run.Error, StringComparison.Ordinal);
        Assert.Contains("first", File.ReadAllText(Path.Combine(Models, "models.json")).Split("\"encoder\":")[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arcface", "[N,3,112,112]")]
    [InlineData("yunet", "cls_8")]
    [InlineData("scrfd", "kps [n,10]")]
    public async Task Add_ModelOfAnotherShape_ExitsTwoAndAddsNothing(string profile, string wanted)
    {
        var graph = new GraphBuilder("other");
        graph.Output("out", graph.Flatten(graph.GlobalAveragePool(graph.Input("in", 1, 3, 64, 64))), 1, 3);
        var path = Path.Combine(_folder, "other.onnx");
        File.WriteAllBytes(path, graph.ToBytes());

        var run = await RunAsync("add", path, "--profile", profile);

        Assert.Equal(2, run.Code);
        Assert.Contains(profile, run.Error, StringComparison.Ordinal);
        Assert.Contains(wanted, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Models));
    }

    [Theory]
    [InlineData("add", "nowhere.onnx", "--profile", "arcface")]
    [InlineData("add", "nowhere.onnx")]
    [InlineData("add", "nowhere.onnx", "--profile", "arcface", "--name", "Upper Case")]
    [InlineData("add", "nowhere.onnx", "--profile", "arcface", "--sha256", "abc")]
    [InlineData("add", "http://example.org/m.onnx", "--profile", "arcface", "--yes")]
    [InlineData("show", "nobody")]
    [InlineData("verify", "nobody")]
    [InlineData("use", "nobody")]
    [InlineData("remove", "nobody")]
    public async Task Models_WrongArguments_ExitTwoWithASentence(params string[] args)
    {
        var run = await RunAsync(args);

        Assert.Equal(2, run.Code);
        Assert.StartsWith("facecloud: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_WrongChecksum_ExitsTwoWithBothSums()
    {
        var wanted = new string('a', 64);

        var (code, json) = await JsonAsync("add", Encoder, "--profile", "arcface", "--sha256", wanted);

        var message = json.GetProperty("error").GetProperty("message").GetString();
        Assert.Equal((2, "CHECKSUM_MISMATCH"), (code, json.GetProperty("error").GetProperty("reason").GetString()));
        Assert.Contains(Sha(Encoder), message, StringComparison.Ordinal);
        Assert.Contains(wanted, message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Models));
    }

    [Fact]
    public async Task Add_FromAnAddress_DownloadsResumesAndAdds()
    {
        await using var server = await FileServer.StartAsync();
        server.Content = File.ReadAllBytes(Encoder);
        server.Cuts.Enqueue(1000);

        var run = await RunAsync("add", $"{server.Url("Some_Encoder.onnx")}?token=secret", "--profile", "arcface", "--sha256", Sha(Encoder), "--yes");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("Licence: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(["", "bytes=1000-"], server.Ranges);
        Assert.Equal(["models.json", "some_encoder.onnx"], Directory.EnumerateFiles(Models).Select(Path.GetFileName).Order());
        Assert.DoesNotContain("secret", File.ReadAllText(Path.Combine(Models, "models.json")), StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("verify", "some_encoder")).Code);
    }

    [Fact]
    public async Task Add_FromAnAddressWithoutYes_SaysTheLicenceAndDownloadsNothing()
    {
        await using var server = await FileServer.StartAsync();
        server.Content = File.ReadAllBytes(Encoder);

        var (code, json) = await JsonAsync("add", $"{server.Url("m.onnx")}", "--profile", "mobilefacenet");

        Assert.Equal((2, "LICENCE_NOT_ACCEPTED"), (code, json.GetProperty("error").GetProperty("reason").GetString()));
        Assert.Contains("you must find out", json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(server.Ranges);
    }

    [Fact]
    public async Task Add_DownloadOfAnotherFile_IsDeleted()
    {
        await using var server = await FileServer.StartAsync();
        server.Content = File.ReadAllBytes(Encoder);

        var run = await RunAsync("add", $"{server.Url("m.onnx")}", "--profile", "arcface", "--yes", "--sha256", new string('b', 64));

        Assert.Equal(2, run.Code);
        Assert.Contains(Sha(Encoder), run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Models));
    }

    [Fact]
    public async Task Add_DownloadThatDoesNotFitTheProfile_IsKeptForTheRightOne()
    {
        await using var server = await FileServer.StartAsync();
        server.Content = File.ReadAllBytes(Encoder);
        var url = $"{server.Url("m.onnx")}";

        var wrong = await RunAsync("add", url, "--profile", "facenet", "--yes");
        var right = await RunAsync("add", url, "--profile", "arcface", "--yes");

        Assert.Equal((2, 0), (wrong.Code, right.Code));
        Assert.Contains("[N,3,160,160]", wrong.Error, StringComparison.Ordinal);
        Assert.Equal($"bytes={server.Content.Length}-", server.Ranges.Last());
        Assert.Equal(["m.onnx", "models.json"], Directory.EnumerateFiles(Models).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Add_DownloadThatIsNoModel_IsDeleted()
    {
        await using var server = await FileServer.StartAsync();
        server.Content = "not a model at all"u8.ToArray();

        var run = await RunAsync("add", $"{server.Url("m.onnx")}", "--profile", "arcface", "--yes");

        Assert.Equal(2, run.Code);
        Assert.Contains("ONNX Runtime", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Models));
    }

    [Fact]
    public async Task Add_AddressOfNobody_ExitsThree()
    {
        var run = await RunAsync("add", "http://localhost:1/m.onnx", "--profile", "arcface", "--yes");

        Assert.Equal(3, run.Code);
        Assert.Contains("http://localhost:1/m.onnx", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WrongManifest_ExitsTwoAndNamesIt()
    {
        Directory.CreateDirectory(Models);
        File.WriteAllText(Path.Combine(Models, "models.json"), "{ \"models\": [ {} ] }");

        var run = await RunAsync("list");

        Assert.Equal(2, run.Code);
        Assert.Contains(Path.Combine(Models, "models.json"), run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Sha(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string[] Fields(JsonElement json) => [.. json.EnumerateObject().Select(property => property.Name)];

    private Task<CliRun> RunAsync(params string[] args) =>
        CliFixture.RunAtAsync(NoServer, TestContext.Current.CancellationToken, ["models", .. args, "--models-directory", Models]);

    private async Task<(int Code, JsonElement Json)> JsonAsync(params string[] args)
    {
        var run = await RunAsync([.. args, "--json"]);
        var json = JsonDocument.Parse(run.Output).RootElement;

        Assert.Equal("", run.Error);
        Assert.Equal(run.Code, json.GetProperty("exitCode").GetInt32());
        return (run.Code, json);
    }
}
