using System.Security.Cryptography;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Onnx;
using FaceCloud.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceCloud.Inference.Tests.Testing;

/// <summary>The test models in a folder of their own, to be spoiled.</summary>
public sealed class ModelFolder : IDisposable
{
    private readonly TestModels _models = new();

    public ModelFolder() => Manifest = _models.Manifest;

    public string Path => _models.Directory;

    public string ManifestPath => _models.ManifestPath;

    public ModelManifest Manifest { get; private set; }

    public ModelEntry Encoder => Manifest.Models.Single(model => model.Kind == ModelKind.Encoder);

    public static OnnxFaceEncoder Open(ModelDescription model, int sessions = 1, BatchingOptions? batching = null) =>
        new(model, new InferenceOptions { ExecutionProvider = ExecutionProvider.Cpu, Sessions = sessions }, batching ?? new BatchingOptions(), TimeProvider.System, NullLoggerFactory.Instance);

    public ModelCatalog Catalog() => new(new ModelsOptions { Directory = Path });

    public void ChangeEncoder(Func<ModelEntry, ModelEntry> change)
    {
        Manifest = Manifest with { Models = [.. Manifest.Models.Select(model => model.Kind == ModelKind.Encoder ? change(model) : model)] };
        File.WriteAllText(ManifestPath, Manifest.ToJson());
    }

    /// <summary>Puts other bytes in the place of the encoder, with the checksum to match.</summary>
    public void ReplaceEncoder(byte[] file, Func<ModelEntry, ModelEntry>? change = null)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, Encoder.File), file);
        ChangeEncoder(model => (change?.Invoke(model) ?? model) with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)) });
    }

    /// <summary>Square roots of the mean colours: NaN for a crop darker than the manifest's mean.</summary>
    public void UseSquareRootEncoder()
    {
        var graph = new GraphBuilder("roots");
        var input = graph.Input("input", "N", 3, 112, 112);
        graph.Output("embedding", graph.Sqrt(graph.Flatten(graph.GlobalAveragePool(input))), "N", 3);
        ReplaceEncoder(graph.ToBytes(), model => model with { Dimension = 3, Mean = [100, 100, 100] });
    }

    public void Dispose() => _models.Dispose();
}
