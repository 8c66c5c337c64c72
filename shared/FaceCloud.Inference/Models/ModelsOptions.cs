namespace FaceCloud.Inference.Models;

/// <summary>Where the models lie and which are in use.</summary>
public sealed class ModelsOptions
{
    public const string SectionName = "Models";

    /// <summary>The folder's name below the storage directory (Storage:Directory).</summary>
    public const string FolderName = "models";

    /// <summary>Storage:Directory where it is not set.</summary>
    public const string DefaultStorage = "facecloud-data";

    /// <summary>
    /// Folder of the user's models, where <c>facecloud models add</c> puts them; default: <c>models</c> in
    /// Storage:Directory. It may be missing: then there are only the models shipped with the program.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>
    /// Path of the user's manifest; default: models.json in <see cref="Directory"/>. Its models go before those of
    /// the manifest shipped with the program, and so does its choice.
    /// </summary>
    public string? Manifest { get; set; }

    /// <summary>Name of the detector; default: the user's manifest's choice, else the shipped one's.</summary>
    public string? Detector { get; set; }

    /// <summary>Name of the encoder; default: as for <see cref="Detector"/>. Faces enrolled with another one must be enrolled anew.</summary>
    public string? Encoder { get; set; }

    /// <summary>The default of <see cref="Directory"/>.</summary>
    /// <param name="storage">Storage:Directory, or null where it is not set.</param>
    public static string DirectoryIn(string? storage) =>
        Path.Combine(string.IsNullOrWhiteSpace(storage) ? DefaultStorage : storage, FolderName);
}
