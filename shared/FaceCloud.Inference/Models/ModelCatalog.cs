using System.Security.Cryptography;

namespace FaceCloud.Inference.Models;

/// <summary>The two models in use. A model's file is looked up and its checksum verified when it is first asked for.</summary>
public sealed class ModelCatalog
{
    private const string ManifestName = "models.json";

    private readonly string _directory;
    private readonly Lazy<ModelDescription> _detector;
    private readonly Lazy<ModelDescription> _encoder;

    /// <summary>Reads the manifest.</summary>
    /// <exception cref="ModelException">The manifest is missing or wrong, or does not hold a model that is to be used.</exception>
    public ModelCatalog(ModelsOptions options)
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "models");
        _directory = Path.GetFullPath(string.IsNullOrWhiteSpace(options.Directory) ? shipped : options.Directory);
        ManifestPath = FindManifest(options.Manifest, _directory, shipped);
        var manifest = ModelManifest.Load(ManifestPath);

        var detector = Pick(manifest, options.Detector, manifest.Detector, ModelKind.Detector);
        var encoder = Pick(manifest, options.Encoder, manifest.Encoder, ModelKind.Encoder);
        _detector = new Lazy<ModelDescription>(() => Describe(detector));
        _encoder = new Lazy<ModelDescription>(() => Describe(encoder));
    }

    /// <summary>Full path of the manifest that was read.</summary>
    public string ManifestPath { get; }

    /// <exception cref="ModelException">The file is missing or is another one than the manifest says.</exception>
    public ModelDescription Detector => _detector.Value;

    /// <exception cref="ModelException">The file is missing or is another one than the manifest says.</exception>
    public ModelDescription Encoder => _encoder.Value;

    public ModelDescription this[ModelKind kind] => kind == ModelKind.Detector ? Detector : Encoder;

    private static string FindManifest(string? configured, string directory, string shipped)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return Path.GetFullPath(configured);
        }

        var beside = Path.Combine(directory, ManifestName);
        return File.Exists(beside) ? beside : Path.Combine(shipped, ManifestName);
    }

    private ModelEntry Pick(ModelManifest manifest, string? configured, string standard, ModelKind kind)
    {
        var name = string.IsNullOrWhiteSpace(configured) ? standard : configured;
        var candidates = manifest.Models.Where(model => model.Kind == kind).ToList();
        return candidates.Find(model => model.Name == name) ?? throw new ModelException(
            $"The model manifest '{ManifestPath}' has no {kind.ToString().ToLowerInvariant()} '{name}'; " +
            $"it has: {(candidates.Count == 0 ? "none" : string.Join(", ", candidates.Select(model => model.Name)))}. Set Models:{kind} to one of them.");
    }

    private ModelDescription Describe(ModelEntry entry)
    {
        var path = Path.Combine(_directory, entry.File);
        string found;
        try
        {
            using var file = File.OpenRead(path);
            found = Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelException(
                $"The file '{entry.File}' of model '{entry.Name}' is not in the folder '{_directory}'. Put it there, or set Models:Directory to the folder that has it. Origin: {entry.Origin}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The file '{entry.File}' of model '{entry.Name}' in the folder '{_directory}' (Models:Directory) cannot be read: {exception.Message}", exception);
        }

        if (!string.Equals(found, entry.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ModelException(
                $"The file '{entry.File}' in the folder '{_directory}' (Models:Directory) is not the one of model '{entry.Name}': its SHA-256 is {found}, the manifest '{ManifestPath}' (Models:Manifest) says {entry.Sha256.ToLowerInvariant()}.");
        }

        return new ModelDescription(entry, path);
    }
}
