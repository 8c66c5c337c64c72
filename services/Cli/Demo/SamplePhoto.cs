namespace FaceCloud.Cli.Demo;

/// <param name="Path">The file.</param>
/// <param name="Name">Path within the samples, with slashes.</param>
/// <param name="Person">Who it shows; null for strangers and groups.</param>
internal sealed record SamplePhoto(string Path, string Name, string? Person);
