namespace FaceCloud.Gallery.Decisions;

/// <summary>What turns rates into cosines.</summary>
/// <param name="Table">Thresholds at rates of one comparison.</param>
/// <param name="Unit">
/// What one comparison of the table is, counted in comparisons with a single face: 1 for a model's table, which is about pairs of photos; more for
/// a gallery's own, which is about its persons with all their faces.
/// </param>
/// <param name="Version">Of the gallery's own calibration; 0: the model's.</param>
public sealed record ThresholdBasis(CalibrationTable Table, double Unit, int Version);
