using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Tests.Testing;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Models;

public sealed class ModelStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facecloud-store-").FullName;
    private readonly string _source;

    public ModelStoreTests()
    {
        _source = Path.Combine(_folder, "W600K r50.onnx");
        File.WriteAllBytes(_source, Networks.Encoder("N"));
    }

    private string Models => Path.Combine(_folder, "models");

    private ModelList List => ModelList.Load(new ModelsOptions { Directory = Models });

    [Fact]
    public async Task Add_UnknownEncoder_IsUsableAndNotCalibrated()
    {
        var entry = ModelStore.Add(List, Addition() with { Use = true });

        var description = new ModelCatalog(new ModelsOptions { Directory = Models }).Encoder;
        Assert.Equal(("w600k-r50", Path.Combine(Models, "w600k-r50.onnx"), 12), (entry.Name, description.Path, description.Dimension));
        Assert.StartsWith("Not stated", entry.Licence, StringComparison.Ordinal);
        Assert.Empty(description.Calibration);
        using var encoder = ModelFolder.Open(description);
        var encoded = await encoder.EncodeAsync([Crops.Random(1), Crops.Random(2)], EncodePriority.Interactive, TestContext.Current.CancellationToken);
        Assert.Equal((2, 12), (encoded.Embeddings.Count, encoded.Embeddings[0].Length));
        Assert.Equal(["models.json", "w600k-r50.onnx"], Directory.EnumerateFiles(Models).Select(Path.GetFileName).Order());
        Assert.True(File.Exists(_source));
    }

    [Fact]
    public async Task Add_FileOfOneFaceAtATime_EncodesBatchesOfIt()
    {
        var any = ModelStore.Add(List, Addition() with { Name = "any" });
        File.WriteAllBytes(_source, Networks.Encoder(1));
        var one = ModelStore.Add(List, Addition() with { Name = "one" });
        using var expected = ModelFolder.Open(List.Find(any.Name)!.Open());
        using var encoder = ModelFolder.Open(List.Find(one.Name)!.Open(), 1, new BatchingOptions { MaxBatch = 4 });
        ReadOnlyMemory<byte>[] crops = [Crops.Random(1), Crops.Random(2), Crops.Random(3)];

        var encoded = await encoder.EncodeAsync(crops, EncodePriority.Bulk, TestContext.Current.CancellationToken);

        Assert.True(one.OneAtATime);
        Assert.Equal((await expected.EncodeAsync(crops, EncodePriority.Bulk, TestContext.Current.CancellationToken)).Embeddings, encoded.Embeddings);
    }

    [Fact]
    public void Add_SameFileAgain_ChangesNothing()
    {
        ModelStore.Add(List, Addition());
        var before = File.ReadAllText(Path.Combine(Models, "models.json"));

        ModelStore.Add(List, Addition());

        Assert.Equal(before, File.ReadAllText(Path.Combine(Models, "models.json")));
    }

    [Fact]
    public void Add_NameOfAnotherFile_IsRefusedAndNothingChanges()
    {
        ModelStore.Add(List, Addition() with { Name = "mine" });
        var before = File.ReadAllText(Path.Combine(Models, "models.json"));
        File.WriteAllBytes(_source, Networks.Encoder(1));

        var failure = Assert.Throws<ModelException>(() => ModelStore.Add(List, Addition() with { Name = "mine" }));

        Assert.Contains("'mine'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(Models, "models.json")));
        Assert.Equal(2, Directory.EnumerateFiles(Models).Count());
    }

    // The contract would be the same, and the embeddings others.
    [Fact]
    public void Add_SameFileAndNameFedOtherwise_IsRefused()
    {
        ModelStore.Add(List, Addition());

        var failure = Assert.Throws<ModelException>(() => ModelStore.Add(List, Addition() with { Profile = ModelProfile.Find("sface")! }));

        Assert.Contains("--name", failure.Message, StringComparison.Ordinal);
        Assert.Equal("fed-raw", ModelStore.Add(List, Addition() with { Profile = ModelProfile.Find("sface")!, Name = "fed-raw" }).Name);
    }

    [Fact]
    public void Add_ModelThatDoesNotFit_LeavesNothing()
    {
        Assert.Throws<ModelException>(() => ModelStore.Add(List, Addition() with { Profile = ModelProfile.Find("facenet")! }));

        Assert.False(Directory.Exists(Models));
    }

    [Fact]
    public void Add_AnotherFileInTheWay_IsRefused()
    {
        Directory.CreateDirectory(Models);
        File.WriteAllText(Path.Combine(Models, "w600k-r50.onnx"), "precious");

        Assert.Throws<ModelException>(() => ModelStore.Add(List, Addition()));

        Assert.Equal("precious", File.ReadAllText(Path.Combine(Models, "w600k-r50.onnx")));
        Assert.False(File.Exists(Path.Combine(Models, "models.json")));
    }

    [Fact]
    public void Add_FileInTheFolderAlready_StaysWhereItIs()
    {
        Directory.CreateDirectory(Models);
        var own = Path.Combine(Models, "Own.onnx");
        File.Move(_source, own);

        var entry = ModelStore.Add(List, Addition() with { Source = own, Suggested = "Own.onnx" });

        Assert.Equal(("own", "Own.onnx"), (entry.Name, entry.File));
        Assert.Equal(own, List.Find("own")!.Open().Path);
    }

    [Theory]
    [InlineData("mobilefacenet-112x96", "mobilefacenet")]
    [InlineData("yunet-n", "yunet")]
    public void Add_FileOfAShippedEntry_TakesOverAllThatIsKnown(string name, string profile)
    {
        SharedData.SkipUnlessPresent();
        var shipped = List.Find(name)!.Entry;

        var entry = ModelStore.Add(List, Addition() with { Source = Path.Combine(SharedData.Models, shipped.File), Suggested = shipped.File, Profile = ModelProfile.Find(profile)! });

        Assert.Equal(Json(shipped), Json(entry with { File = shipped.File }));
        Assert.Equal(ModelDescription.ContractOf(shipped), ModelDescription.ContractOf(entry));
        Assert.True(List.Find(name)!.IsUsers);
    }

    [Fact]
    public void Remove_OwnModel_EntryAndFileAreGone()
    {
        ModelStore.Add(List, Addition());

        ModelStore.Remove(List, "w600k-r50");

        Assert.Equal(["models.json"], Directory.EnumerateFiles(Models).Select(Path.GetFileName));
        Assert.Null(List.Find("w600k-r50"));
    }

    [Fact]
    public void Remove_ModelInUseShippedOrUnknown_IsRefused()
    {
        ModelStore.Add(List, Addition() with { Use = true });

        Assert.Contains("in use", Assert.Throws<ModelException>(() => ModelStore.Remove(List, "w600k-r50")).Message, StringComparison.Ordinal);
        Assert.Contains("comes with", Assert.Throws<ModelException>(() => ModelStore.Remove(List, List.Shipped[0].Name)).Message, StringComparison.Ordinal);
        Assert.Contains("w600k-r50", Assert.Throws<ModelException>(() => ModelStore.Remove(List, "nobody")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Json(ModelEntry entry) => new ModelManifest { Models = [entry] }.ToJson();

    private ModelAddition Addition() => new()
    {
        Source = _source,
        Suggested = Path.GetFileName(_source),
        Profile = ModelProfile.Find("arcface")!,
        Origin = "A test.",
    };
}
