namespace FaceCloud.Inference.Models;

/// <summary>The two models in use. A model's file is looked up and its checksum verified when it is first asked for.</summary>
public sealed class ModelCatalog
{
    private readonly Lazy<ModelDescription> _detector;
    private readonly Lazy<ModelDescription> _encoder;

    /// <summary>Reads the manifests.</summary>
    /// <exception cref="ModelException">A manifest is missing or wrong, or there is no model of a name that is to be used.</exception>
    public ModelCatalog(ModelsOptions options)
    {
        List = ModelList.Load(options);
        var (detector, encoder) = (List.InUse(ModelKind.Detector), List.InUse(ModelKind.Encoder));
        _detector = new Lazy<ModelDescription>(detector.Open);
        _encoder = new Lazy<ModelDescription>(encoder.Open);
    }

    /// <summary>All models there are.</summary>
    public ModelList List { get; }

    /// <exception cref="ModelException">The file is missing or is another one than the manifest says.</exception>
    public ModelDescription Detector => _detector.Value;

    /// <exception cref="ModelException">The file is missing or is another one than the manifest says.</exception>
    public ModelDescription Encoder => _encoder.Value;

    public ModelDescription this[ModelKind kind] => kind == ModelKind.Detector ? Detector : Encoder;
}
