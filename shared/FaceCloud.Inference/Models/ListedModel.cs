using System.Security.Cryptography;

namespace FaceCloud.Inference.Models;

/// <summary>A model that a manifest names, with the place of its file.</summary>
/// <param name="Entry">What the manifest says.</param>
/// <param name="ManifestPath">The manifest that says it.</param>
/// <param name="IsUsers">It stands in the user's manifest, not in the one shipped with the program.</param>
/// <param name="Folders">Where its file is looked for, in this order.</param>
public sealed record ListedModel(ModelEntry Entry, string ManifestPath, bool IsUsers, IReadOnlyList<string> Folders)
{
    /// <summary>Full path of the file, or null when it is in none of the folders.</summary>
    public string? FindFile() => Folders.Select(folder => Path.Combine(folder, Entry.File)).FirstOrDefault(File.Exists);

    /// <summary>Finds the file and checks its checksum.</summary>
    /// <exception cref="ModelException">The file is missing or is another one than the manifest says.</exception>
    public ModelDescription Open()
    {
        var path = FindFile() ?? throw new ModelException(
            $"The file '{Entry.File}' of model '{Entry.Name}' is not in the folder {string.Join(" or ", Folders.Select(folder => $"'{folder}'"))}. " +
            $"Bring it with 'facecloud models add', or set Models:Directory to the folder that has it. Origin: {Entry.Origin}");
        var found = Checksum(path);
        if (!string.Equals(found, Entry.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ModelException(
                $"The file '{path}' (Models:Directory) is not the one of model '{Entry.Name}': its SHA-256 is {found}, the manifest '{ManifestPath}' (Models:Manifest) says {Entry.Sha256.ToLowerInvariant()}. " +
                "Bring the right one with 'facecloud models add'.");
        }

        return new ModelDescription(Entry, path);
    }

    /// <summary>SHA-256 of a file, lower-case hex.</summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    public static string Checksum(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The file '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
