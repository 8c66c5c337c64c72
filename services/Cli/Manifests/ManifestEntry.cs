namespace FaceCloud.Cli.Manifests;

/// <summary>What one line of a manifest is: a row, or the reason why it is none.</summary>
internal readonly record struct ManifestEntry(ManifestRow? Row, RejectedRow? Rejected);
