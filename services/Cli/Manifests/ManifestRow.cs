using System.Collections.Immutable;

namespace FaceCloud.Cli.Manifests;

/// <summary>One photo of a manifest, as the line says it; nothing is checked but that it says it.</summary>
internal sealed record ManifestRow
{
    /// <summary>From 1, the header counted.</summary>
    public required long Line { get; init; }

    public required string PersonId { get; init; }

    public required ManifestPlace Kind { get; init; }

    /// <summary>A path here, or a reference that the server resolves.</summary>
    public required string Place { get; init; }

    public string Name { get; init; } = "";

    public string ExternalId { get; init; } = "";

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>More than a name is said of the person.</summary>
    public bool HasCard => ExternalId.Length > 0 || Metadata.Count > 0;
}
