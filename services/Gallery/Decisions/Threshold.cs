namespace FaceCloud.Gallery.Decisions;

/// <summary>The cosine that a decision uses, and what it stands for.</summary>
public sealed record Threshold
{
    /// <summary>Cosine; a similarity at or above it matches.</summary>
    public required float Value { get; init; }

    public required ThresholdSource Source { get; init; }

    /// <summary>1:1: per claim; 1:K: per comparison; 0 when a cosine was given.</summary>
    public double FalseAcceptRate { get; init; }

    /// <summary>Per search of the gallery, 1:K only; 0 when a cosine was given.</summary>
    public double FalsePositiveRate { get; init; }

    /// <summary>Persons searched, 1:K only.</summary>
    public long GallerySize { get; init; }

    /// <summary>What claim or search counts for, in comparisons of the table that was used; 0 when a cosine was given.</summary>
    public double Comparisons { get; init; }

    /// <summary>Of the gallery's own calibration that was used; 0: the model's, or none.</summary>
    public int CalibrationVersion { get; init; }

    /// <summary>The rate lies outside the calibration table.</summary>
    public bool Extrapolated { get; init; }

    /// <summary>NaN never matches.</summary>
    public bool IsMet(float similarity) => similarity >= Value;
}
