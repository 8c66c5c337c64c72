using FaceCloud.Inference.Models;
using FaceCloud.Inference.Tests.Testing;
using FaceCloud.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceCloud.Inference.Tests.Models;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    [Fact]
    public void Encoder_FileInPlace_ContractOfNameAndChecksum()
    {
        var encoder = _folder.Catalog().Encoder;

        Assert.Equal($"{TestModels.EncoderName}:{encoder.Sha256[..12]}", encoder.EmbeddingContract);
        Assert.Equal(Path.Combine(_folder.Path, _folder.Encoder.File), encoder.Path);
        Assert.Equal(new ColumnRange(0, 111), encoder.Columns);
    }

    [Fact]
    public void Encoder_FileMissing_SaysFileFolderAndSetting()
    {
        File.Delete(Path.Combine(_folder.Path, _folder.Encoder.File));
        var catalog = _folder.Catalog();

        var failure = Assert.Throws<ModelException>(() => catalog.Encoder);

        Assert.Contains(_folder.Encoder.File, failure.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Models:Directory", failure.Message, StringComparison.Ordinal);
        Assert.Contains("facecloud models add", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TestModels.DetectorName, catalog.Detector.Name);
    }

    [Fact]
    public void Encoder_OneByteChanged_SaysBothChecksums()
    {
        var path = Path.Combine(_folder.Path, _folder.Encoder.File);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        var failure = Assert.Throws<ModelException>(() => _folder.Catalog().Encoder);

        Assert.Contains(_folder.Encoder.Sha256, failure.Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_EncoderNotInManifest_ListsThoseThatAre()
    {
        var failure = Assert.Throws<ModelException>(() => new ModelCatalog(new ModelsOptions { Directory = _folder.Path, Encoder = "arcface" }));

        Assert.Contains("'arcface'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(TestModels.EncoderName, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Models:Encoder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_DetectorNamedAsEncoder_Refused()
    {
        Assert.Throws<ModelException>(() => new ModelCatalog(new ModelsOptions { Directory = _folder.Path, Encoder = TestModels.DetectorName }));
    }

    [Fact]
    public void Constructor_FolderWithoutManifest_TakesTheShippedOne()
    {
        var empty = Directory.CreateTempSubdirectory("facecloud-empty-").FullName;

        var catalog = new ModelCatalog(new ModelsOptions { Directory = empty });

        Directory.Delete(empty);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "models", "models.json"), catalog.List.InUse(ModelKind.Encoder).ManifestPath);
    }

    [Fact]
    public void Constructor_ManifestElsewhere_FilesFromTheFolder()
    {
        var manifest = Path.GetTempFileName();
        File.Move(_folder.ManifestPath, manifest, overwrite: true);

        var catalog = new ModelCatalog(new ModelsOptions { Directory = _folder.Path, Manifest = manifest });

        Assert.Equal(_folder.Path, Path.GetDirectoryName(catalog.Encoder.Path));
        File.Delete(manifest);
    }

    [Fact]
    public async Task AddModels_NeededModelMissing_HostDoesNotStart()
    {
        File.Delete(Path.Combine(_folder.Path, _folder.Encoder.File));
        using var needsEncoder = Build(ModelKind.Encoder);
        using var needsDetector = Build(ModelKind.Detector);

        await Assert.ThrowsAsync<ModelException>(() => needsEncoder.StartAsync(TestContext.Current.CancellationToken));
        await needsDetector.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(TestModels.DetectorName, needsDetector.Services.GetRequiredService<ModelCatalog>().Detector.Name);
        await needsDetector.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Dispose();

    private IHost Build(ModelKind needed)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Models:Directory", _folder.Path)]);
        builder.Services.AddModels(needed);
        return builder.Build();
    }
}
