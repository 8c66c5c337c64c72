namespace FaceCloud.Inference.Models;

/// <summary>Thresholds measured for an encoder.</summary>
/// <param name="Source">What they were measured on: a threshold is only as good as that.</param>
/// <param name="Points">At least two, by falling false accept rate and so by rising threshold.</param>
public sealed record Calibration(string Source, IReadOnlyList<CalibrationPoint> Points)
{
    /// <summary>Persons whose photos were compared.</summary>
    public int? Persons { get; init; }

    /// <summary>Pairs of photos of one person.</summary>
    public long? GenuinePairs { get; init; }

    /// <summary>Pairs of photos of two persons.</summary>
    public long? ImpostorPairs { get; init; }
}
