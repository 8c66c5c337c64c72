using FaceCloud.Inference.Models;
using FaceCloud.Inference.Tests.Testing;
using FaceCloud.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceCloud.Inference.Tests.Models;

public sealed class ModelListTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly string _empty = Directory.CreateTempSubdirectory("facecloud-empty-").FullName;

    [Fact]
    public void Load_FolderThatIsNotThere_OnlyShippedModels()
    {
        var list = ModelList.Load(new ModelsOptions { Directory = Path.Combine(_empty, "none") });

        Assert.Equal(list.Shipped.Select(entry => entry.Name), list.Models.Select(model => model.Entry.Name));
        Assert.All(list.Models, model => Assert.Equal((false, list.ShippedManifestPath), (model.IsUsers, model.ManifestPath)));
        Assert.NotNull(list.InUse(ModelKind.Encoder));
    }

    [Fact]
    public void Load_UsersModels_GoFirstAndTheirChoiceWins()
    {
        var list = ModelList.Load(new ModelsOptions { Directory = _folder.Path });

        Assert.Equal([TestModels.DetectorName, TestModels.EncoderName, .. list.Shipped.Select(entry => entry.Name)], list.Models.Select(model => model.Entry.Name));
        Assert.Equal(TestModels.EncoderName, list.InUse(ModelKind.Encoder).Entry.Name);
        Assert.True(list.InUse(ModelKind.Detector).IsUsers);
    }

    [Fact]
    public void Load_UsersEntryOfAShippedName_HidesIt()
    {
        var shipped = ModelList.Load(new ModelsOptions { Directory = _empty }).InUse(ModelKind.Encoder).Entry;
        UserManifest.Put(Path.Combine(_empty, "models.json"), _folder.Encoder with { Name = shipped.Name }, use: false);

        var list = ModelList.Load(new ModelsOptions { Directory = _empty });

        Assert.Equal(_folder.Encoder.Sha256, list.InUse(ModelKind.Encoder).Entry.Sha256);
        Assert.Single(list.Models, model => model.Entry.Name == shipped.Name);
    }

    [Fact]
    public void InUse_UsersManifestChoosesAShippedModel_IsThatOne()
    {
        var shipped = ModelList.Load(new ModelsOptions { Directory = _empty }).InUse(ModelKind.Detector).Entry.Name;
        UserManifest.Use(_folder.ManifestPath, ModelKind.Detector, shipped);

        var list = ModelList.Load(new ModelsOptions { Directory = _folder.Path });

        Assert.Equal((shipped, false), (list.InUse(ModelKind.Detector).Entry.Name, list.InUse(ModelKind.Detector).IsUsers));
    }

    [Fact]
    public void InUse_SettingNamesAModel_WinsOverBothManifests()
    {
        var shipped = ModelList.Load(new ModelsOptions { Directory = _empty }).InUse(ModelKind.Encoder).Entry.Name;

        var list = ModelList.Load(new ModelsOptions { Directory = _folder.Path, Encoder = shipped });

        Assert.Equal(shipped, list.InUse(ModelKind.Encoder).Entry.Name);
    }

    [Fact]
    public void Open_FileOfAShippedEntryInTheUsersFolder_IsLookedForThere()
    {
        var list = ModelList.Load(new ModelsOptions { Directory = _empty });
        var missing = list.Models.FirstOrDefault(model => model.FindFile() is null);
        Assert.SkipWhen(missing is null, "The files of all shipped entries are here.");
        var path = Path.Combine(_empty, missing!.Entry.File);
        File.WriteAllText(path, "another file");

        var failure = Assert.Throws<ModelException>(missing.Open);

        Assert.Equal(path, missing.FindFile());
        Assert.Contains(missing.Entry.Sha256, failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("facecloud models add", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NamedManifestThatIsNotThere_IsAFailure()
    {
        var failure = Assert.Throws<ModelException>(() => ModelList.Load(new ModelsOptions { Directory = _folder.Path, Manifest = Path.Combine(_empty, "mine.json") }));

        Assert.Contains("mine.json", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddModels_NoFolderNamed_IsModelsInTheStorageDirectory()
    {
        Assert.Equal(Path.Combine("/srv/faces", "models"), Options(("Storage:Directory", "/srv/faces")).Directory);
        Assert.Equal("/srv/own", Options(("Storage:Directory", "/srv/faces"), ("Models:Directory", "/srv/own")).Directory);
        Assert.Equal(Path.Combine("facecloud-data", "models"), Options().Directory);
    }

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_empty, recursive: true);
    }

    private static ModelsOptions Options(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddModels(ModelKind.Encoder);
        using var host = builder.Build();
        return host.Services.GetRequiredService<IOptions<ModelsOptions>>().Value;
    }
}
