using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Vision;

/// <summary>What a face must have for a use; what it lacks is named in its quality's reasons.</summary>
public sealed record QualityGate
{
    /// <summary>Nothing is refused.</summary>
    public static QualityGate None { get; } = new();

    /// <summary>
    /// Default for templates; README.md says how each number was found. Of 680 ordinary photos 99 % pass.
    /// </summary>
    public static QualityGate Enrolment { get; } = new()
    {
        MinFacePixels = 32,
        MinSharpness = 0.3f,
        MinBrightness = 0.1f,
        MinConfidence = 0.7f,
        MinVisible = 0.75f,
        MaxPoseDegrees = 60,
        MaxRollDegrees = 45,
    };

    /// <summary>Default for probes: refuses only what makes an answer meaningless.</summary>
    public static QualityGate Probe { get; } = new()
    {
        MinFacePixels = 24,
        MinSharpness = 0.18f,
        MinBrightness = 0.04f,
        MinConfidence = 0.55f,
        MinVisible = 0.5f,
        MaxPoseDegrees = 75,
        MaxRollDegrees = 70,
    };

    /// <summary>
    /// The gate of a caller who names a score: on the score alone, which is the weakest part of a face's quality.
    /// 0 lets every face through.
    /// </summary>
    /// <param name="minScore">0..1.</param>
    public static QualityGate OfScore(float minScore) => new() { MinScore = minScore };

    /// <summary>0..1, for the quality score as a whole; what part pulls it down is the reason named.</summary>
    [Range(0.0, 1.0)]
    public float MinScore { get; init; }

    /// <summary>Shorter side of the box, pixels of the photo.</summary>
    [Range(0.0, 65535.0)]
    public float MinFacePixels { get; init; }

    /// <summary>0..1.</summary>
    [Range(0.0, 1.0)]
    public float MinSharpness { get; init; }

    /// <summary>0..1, mean luma.</summary>
    [Range(0.0, 1.0)]
    public float MinBrightness { get; init; }

    /// <summary>Detector score, 0..1.</summary>
    [Range(0.0, 1.0)]
    public float MinConfidence { get; init; }

    /// <summary>Share of the box that lies inside the photo, 0..1; a face cut off by the edge fails it (LowConfidence).</summary>
    [Range(0.0, 1.0)]
    public float MinVisible { get; init; }

    /// <summary>Largest turn or tilt, degrees; roll is judged apart, since alignment takes it out.</summary>
    [Range(0.0, 180.0)]
    public float MaxPoseDegrees { get; init; } = 180;

    /// <summary>Degrees.</summary>
    [Range(0.0, 180.0)]
    public float MaxRollDegrees { get; init; } = 180;
}
