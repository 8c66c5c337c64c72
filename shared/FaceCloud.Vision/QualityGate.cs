namespace FaceCloud.Vision;

/// <summary>What a face must have for a use; what it lacks is named in its quality's reasons.</summary>
public sealed record QualityGate
{
    /// <summary>Nothing is refused.</summary>
    public static QualityGate None { get; } = new();

    /// <summary>0..1, for the quality score as a whole; what part pulls it down is the reason named.</summary>
    public float MinScore { get; init; }

    /// <summary>Shorter side of the box, pixels of the photo.</summary>
    public float MinFacePixels { get; init; }

    /// <summary>0..1.</summary>
    public float MinSharpness { get; init; }

    /// <summary>0..1, mean luma.</summary>
    public float MinBrightness { get; init; }

    /// <summary>Detector score, 0..1.</summary>
    public float MinConfidence { get; init; }

    /// <summary>Largest turn or tilt, degrees; roll is judged apart, since alignment takes it out.</summary>
    public float MaxPoseDegrees { get; init; } = 180;

    /// <summary>Degrees.</summary>
    public float MaxRollDegrees { get; init; } = 180;
}
