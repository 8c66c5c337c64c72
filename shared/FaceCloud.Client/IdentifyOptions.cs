namespace FaceCloud.Client;

/// <summary>How a photo is searched. Of the threshold and the rate at most one may be set; default: the gallery's setting, else a rate of 1e-2.</summary>
public sealed record IdentifyOptions
{
    /// <summary>Every face of the photo, not only the largest.</summary>
    public bool AllFaces { get; init; }

    /// <summary>Persons listed per face, 1..100; default 5.</summary>
    public int? MaxCandidates { get; init; }

    /// <summary>Cosine, -1..1; fixed, whatever the gallery's size.</summary>
    public float? Threshold { get; init; }

    /// <summary>Chance that a stranger is named at all, (0, 1); the server fits the threshold to the gallery's size.</summary>
    public double? MaxFalsePositiveRate { get; init; }

    /// <summary>Also list the nearest persons below the threshold; the outcome does not change.</summary>
    public bool IncludeBelowThreshold { get; init; }
}
