namespace FaceCloud.Gallery.Store;

public sealed class PersonRow
{
    public required string TenantId { get; init; }

    public required string GalleryId { get; init; }

    public required string PersonId { get; init; }

    public string ExternalId { get; set; } = "";

    public string Name { get; set; } = "";

    public Dictionary<string, string> Metadata { get; set; } = [];

    /// <summary>Length of the mean of the person's embeddings, 0..1; null: not known, since faces came or went.</summary>
    public float? TemplateLength { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
