namespace FaceCloud.Inference.Models;

/// <summary>Thresholds measured for an encoder.</summary>
/// <param name="Source">What they were measured on: a threshold is only as good as that.</param>
/// <param name="Points">At least two, by falling false accept rate and so by rising threshold.</param>
public sealed record Calibration(string Source, IReadOnlyList<CalibrationPoint> Points);
