namespace FaceCloud.Inference.Models;

/// <summary>
/// The models there are: those of the user's manifest by name first, then those shipped with the program. A file is
/// looked for beside the manifest that names it; the user's folder may also hold the file of a shipped entry.
/// </summary>
public sealed class ModelList
{
    public const string ManifestName = "models.json";

    private readonly ModelsOptions _options;
    private readonly ModelManifest _shipped;
    private readonly ModelManifest? _users;

    private ModelList(ModelsOptions options)
    {
        _options = options;
        var shipped = Path.Combine(AppContext.BaseDirectory, "models");
        UserDirectory = Path.GetFullPath(string.IsNullOrWhiteSpace(options.Directory) ? ModelsOptions.DirectoryIn(storage: null) : options.Directory);
        UserManifestPath = string.IsNullOrWhiteSpace(options.Manifest) ? Path.Combine(UserDirectory, ManifestName) : Path.GetFullPath(options.Manifest);
        ShippedManifestPath = Path.Combine(shipped, ManifestName);

        _shipped = ModelManifest.Load(ShippedManifestPath);

        // One that is named must be there; the usual one need not.
        _users = !string.IsNullOrWhiteSpace(options.Manifest) || File.Exists(UserManifestPath) ? ModelManifest.Load(UserManifestPath) : null;

        string[] ofUser = [UserDirectory, .. new[] { Path.GetDirectoryName(UserManifestPath)! }.Except([UserDirectory])];
        var own = (_users?.Models ?? []).Select(entry => new ListedModel(entry, UserManifestPath, IsUsers: true, ofUser)).ToList();
        var names = own.Select(model => model.Entry.Name).ToHashSet(StringComparer.Ordinal);
        Models =
        [
            .. own,
            .. _shipped.Models
                .Where(entry => !names.Contains(entry.Name))
                .Select(entry => new ListedModel(entry, ShippedManifestPath, IsUsers: false, [shipped, UserDirectory])),
        ];
    }

    /// <summary>The folder for the user's models; it may be missing.</summary>
    public string UserDirectory { get; }

    /// <summary>The user's manifest; it may be missing.</summary>
    public string UserManifestPath { get; }

    /// <summary>The manifest shipped with the program.</summary>
    public string ShippedManifestPath { get; }

    /// <summary>The user's first; no two of one name.</summary>
    public IReadOnlyList<ListedModel> Models { get; }

    /// <summary>The models whose calibration and origin are known, by the checksum of their files.</summary>
    public IReadOnlyList<ModelEntry> Shipped => _shipped.Models;

    /// <summary>Reads the manifests.</summary>
    /// <exception cref="ModelException">A manifest is wrong, or one that was named is missing.</exception>
    public static ModelList Load(ModelsOptions options) => new(options);

    public ListedModel? Find(string name) => Models.FirstOrDefault(model => model.Entry.Name == name);

    /// <summary>The name of the model in use, whether or not there is one of that name.</summary>
    public string? Chosen(ModelKind kind)
    {
        var (configured, users, shipped) = kind == ModelKind.Detector
            ? (_options.Detector, _users?.Detector, _shipped.Detector)
            : (_options.Encoder, _users?.Encoder, _shipped.Encoder);
        return new[] { configured, users, shipped }.FirstOrDefault(name => !string.IsNullOrWhiteSpace(name));
    }

    /// <summary>The model in use.</summary>
    /// <exception cref="ModelException">There is none of the chosen name and kind.</exception>
    public ListedModel InUse(ModelKind kind)
    {
        var name = Chosen(kind);
        var candidates = Models.Where(model => model.Entry.Kind == kind).ToList();
        return candidates.Find(model => model.Entry.Name == name) ?? throw new ModelException(
            $"The models of '{UserManifestPath}' and '{ShippedManifestPath}' have no {kind.ToString().ToLowerInvariant()} '{name}'; " +
            $"they have: {(candidates.Count == 0 ? "none" : string.Join(", ", candidates.Select(model => model.Entry.Name)))}. " +
            $"Set Models:{kind} to one of them, choose one with 'facecloud models use', or bring another with 'facecloud models add'.");
    }
}
