using FaceCloud.Gallery.Scoring;

namespace FaceCloud.Gallery.Store;

public sealed class GalleryRow
{
    public const int DefaultMeanOfBest = 2;

    public required string TenantId { get; init; }

    public required string GalleryId { get; init; }

    public string Name { get; set; } = "";

    public float? VerifyThreshold { get; set; }

    public float? IdentifyThreshold { get; set; }

    public double? MaxFalseAcceptRate { get; set; }

    public double? MaxFalsePositiveRate { get; set; }

    public float? AmbiguityMargin { get; set; }

    public float? MinQuality { get; set; }

    /// <summary>Null: by the best face.</summary>
    public PersonScoring? Scoring { get; set; }

    /// <summary>Faces of the mean; null: the default.</summary>
    public int? MeanOfBest { get; set; }

    /// <summary>Version of the gallery's own calibration in use; null: the model's.</summary>
    public int? ActiveCalibration { get; set; }

    /// <summary>Of the first face; empty until then.</summary>
    public string EmbeddingContract { get; set; } = "";

    /// <summary>Floats of an embedding; 0 until the first face.</summary>
    public int Dimension { get; set; }

    /// <summary>Raised first in every write of the gallery's persons and faces: the row lock that puts writers in a line.</summary>
    public long Revision { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How a person's faces are scored.</summary>
    public ScoringRule Rule() => Scoring switch
    {
        null or PersonScoring.BestFace => ScoringRule.BestFace,
        PersonScoring.MeanOfBest => new ScoringRule(PersonScoring.MeanOfBest, MeanOfBest ?? DefaultMeanOfBest),
        { } other => new ScoringRule(other, 0),
    };
}
