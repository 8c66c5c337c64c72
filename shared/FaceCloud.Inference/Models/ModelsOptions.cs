namespace FaceCloud.Inference.Models;

/// <summary>Where the models lie and which are in use.</summary>
public sealed class ModelsOptions
{
    public const string SectionName = "Models";

    /// <summary>Folder of the ONNX files; default: the folder <c>models</c> beside the program.</summary>
    public string? Directory { get; set; }

    /// <summary>Path of the manifest; default: models.json in <see cref="Directory"/> if there is one, else the one shipped with the program.</summary>
    public string? Manifest { get; set; }

    /// <summary>Name of the detector; default: the manifest's.</summary>
    public string? Detector { get; set; }

    /// <summary>Name of the encoder; default: the manifest's. Faces enrolled with another one must be enrolled anew.</summary>
    public string? Encoder { get; set; }
}
