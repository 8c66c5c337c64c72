using System.CommandLine;
using FaceCloud.Inference.Models;

namespace FaceCloud.Cli.Models;

/// <summary>Where the models commands work: the server's own folder by default, found in the same way.</summary>
internal sealed class ModelFolder
{
    private const string DirectoryVariable = "Models__Directory";
    private const string StorageVariable = "Storage__Directory";

    public Option<string?> Directory { get; } = new("--models-directory")
    {
        Description = $"Folder of your models, as the server's Models:Directory; default: {DirectoryVariable}, else '{ModelsOptions.FolderName}' in {StorageVariable}, else {ModelsOptions.DirectoryIn(null)}",
        HelpName = "folder",
        Recursive = true,
    };

    /// <exception cref="ModelException">A manifest is wrong.</exception>
    public ModelList Load(ParseResult parsed) => ModelList.Load(new ModelsOptions
    {
        Directory = parsed.GetValue(Directory)
            ?? (Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } named ? named : ModelsOptions.DirectoryIn(Environment.GetEnvironmentVariable(StorageVariable))),
    });
}
