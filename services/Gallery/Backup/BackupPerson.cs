namespace FaceCloud.Gallery.Backup;

/// <summary>A line of persons.jsonl.</summary>
internal sealed record BackupPerson
{
    public required string PersonId { get; init; }

    public required string ExternalId { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
