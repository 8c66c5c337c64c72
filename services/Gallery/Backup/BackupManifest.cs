namespace FaceCloud.Gallery.Backup;

/// <summary>What a file holds; its last entry, since it names the checksums of all others.</summary>
internal sealed record BackupManifest
{
    public required string Format { get; init; }

    public required int Version { get; init; }

    /// <summary>The moment whose state it is.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public required string GalleryId { get; init; }

    /// <summary>Empty without faces.</summary>
    public required string EmbeddingContract { get; init; }

    /// <summary>Floats of an embedding; 0 without faces.</summary>
    public required int Dimension { get; init; }

    public required long Persons { get; init; }

    public required long Faces { get; init; }

    /// <summary>Entries without which the file must not be read; a reader who does not know one of them refuses it.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    public required IReadOnlyList<BackupEntry> Entries { get; init; }
}
