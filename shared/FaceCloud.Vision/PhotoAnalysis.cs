namespace FaceCloud.Vision;

/// <summary>What a photo shows. Coordinates are pixels of the whole upright photo, whatever size was decoded.</summary>
public sealed record PhotoAnalysis
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>All faces found, also those beyond the asked number.</summary>
    public required int FacesFound { get; init; }

    /// <summary>Largest first, at most as many as asked for.</summary>
    public required IReadOnlyList<AnalyzedFace> Faces { get; init; }

    public required TimeSpan Decoding { get; init; }

    public required TimeSpan Detecting { get; init; }

    /// <summary>Alignment and quality.</summary>
    public required TimeSpan Aligning { get; init; }
}
