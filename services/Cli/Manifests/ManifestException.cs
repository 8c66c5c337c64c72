namespace FaceCloud.Cli.Manifests;

/// <summary>What is wrong with one line, in words for its author.</summary>
internal sealed class ManifestException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
