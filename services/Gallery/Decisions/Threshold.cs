namespace FaceCloud.Gallery.Decisions;

/// <summary>The cosine that a decision uses, and what it stands for.</summary>
public sealed record Threshold
{
    /// <summary>Cosine; a similarity at or above it matches.</summary>
    public required float Value { get; init; }

    public required ThresholdSource Source { get; init; }

    /// <summary>Per comparison; 0 when a cosine was given.</summary>
    public double FalseAcceptRate { get; init; }

    /// <summary>Per search of the gallery, 1:K only; 0 when a cosine was given.</summary>
    public double FalsePositiveRate { get; init; }

    /// <summary>Persons searched, 1:K only.</summary>
    public long GallerySize { get; init; }

    /// <summary>The rate lies outside the calibration table.</summary>
    public bool Extrapolated { get; init; }

    /// <summary>NaN never matches.</summary>
    public bool IsMet(float similarity) => similarity >= Value;
}
