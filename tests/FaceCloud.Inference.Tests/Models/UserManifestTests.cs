using System.Text.Json.Nodes;
using FaceCloud.Inference.Models;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Models;

public sealed class UserManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facecloud-manifest-").FullName;

    private string Manifest => Path.Combine(_folder, "models", "models.json");

    private static ModelEntry Entry => TestModels.Shared.Catalog.Encoder.Entry;

    [Fact]
    public void Put_NoFolderYet_MakesAManifestWithoutAChoice()
    {
        UserManifest.Put(Manifest, Entry, use: false);

        var manifest = ModelManifest.Load(Manifest);
        Assert.Equal(Entry.Name, Assert.Single(manifest.Models).Name);
        Assert.Null(manifest.Encoder);
        Assert.Equal(["models.json"], Directory.EnumerateFiles(Path.GetDirectoryName(Manifest)!).Select(Path.GetFileName));
    }

    [Fact]
    public void Put_EntryOfThatName_ReplacesItAndKeepsTheRest()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Manifest)!);
        var document = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!.AsObject();
        document["x-owner"] = "ada";
        document["models"]![1]!["x-ticket"] = 7;
        File.WriteAllText(Manifest, "// by hand\n" + document.ToJsonString());

        UserManifest.Put(Manifest, Entry with { Licence = "Ours now." }, use: false);

        var written = JsonNode.Parse(File.ReadAllText(Manifest))!;
        Assert.Equal("ada", (string?)written["x-owner"]);
        Assert.Equal(7, (int?)written["models"]![1]!["x-ticket"]);
        Assert.Equal("Ours now.", (string?)written["models"]![1]!["licence"]);
        Assert.Equal(JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!["models"]![0]!.ToJsonString(), written["models"]![0]!.ToJsonString());
        Assert.Equal(TestModels.DetectorName, ModelManifest.Load(Manifest).Detector);
    }

    [Fact]
    public void Use_NameOfAShippedModel_IsTheChoice()
    {
        UserManifest.Put(Manifest, Entry, use: true);

        UserManifest.Use(Manifest, ModelKind.Encoder, "another");
        UserManifest.Use(Manifest, ModelKind.Detector, "finder");

        var manifest = ModelManifest.Load(Manifest);
        Assert.Equal(("finder", "another"), (manifest.Detector, manifest.Encoder));
    }

    [Fact]
    public void Remove_Entry_IsGoneAndANameThatIsNotThereIsNoMatter()
    {
        UserManifest.Put(Manifest, Entry, use: false);

        UserManifest.Remove(Manifest, "nobody");
        UserManifest.Remove(Manifest, Entry.Name);

        Assert.Empty(ModelManifest.Load(Manifest).Models);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{ \"models\": [ { \"name\": \"half\" } ] }")]
    public void Put_WrongManifest_SaysSoAndLeavesIt(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Manifest)!);
        File.WriteAllText(Manifest, text);

        var failure = Assert.Throws<ModelException>(() => UserManifest.Put(Manifest, Entry, use: true));

        Assert.Contains(Manifest, failure.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Manifest));
    }

    [Fact]
    public void Put_EntryThatCannotBe_LeavesTheManifest()
    {
        UserManifest.Put(Manifest, Entry, use: false);
        var before = File.ReadAllText(Manifest);

        Assert.Throws<ModelException>(() => UserManifest.Put(Manifest, Entry with { Name = "Upper Case" }, use: true));

        Assert.Equal(before, File.ReadAllText(Manifest));
    }

    [Fact]
    public void Put_AnotherWriter_IsRefused()
    {
        UserManifest.Put(Manifest, Entry, use: false);
        using var other = new FileStream(Manifest + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        Assert.Throws<ModelException>(() => UserManifest.Use(Manifest, ModelKind.Encoder, "another"));

        Assert.Null(ModelManifest.Load(Manifest).Encoder);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
