namespace FaceCloud.Gallery.Store;

public sealed class GalleryRow
{
    public required string TenantId { get; init; }

    public required string GalleryId { get; init; }

    public string Name { get; set; } = "";

    public float? VerifyThreshold { get; set; }

    public float? IdentifyThreshold { get; set; }

    public double? MaxFalseAcceptRate { get; set; }

    public double? MaxFalsePositiveRate { get; set; }

    public float? AmbiguityMargin { get; set; }

    public float? MinQuality { get; set; }

    /// <summary>Of the first face; empty until then.</summary>
    public string EmbeddingContract { get; set; } = "";

    /// <summary>Floats of an embedding; 0 until the first face.</summary>
    public int Dimension { get; set; }

    /// <summary>Raised first in every write of the gallery's persons and faces: the row lock that puts writers in a line.</summary>
    public long Revision { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
