using FaceCloud.Gallery.Decisions;

namespace FaceCloud.Gallery.Calibration;

/// <summary>A calibration that was measured, and what it changes.</summary>
/// <param name="Calibration">With its version; 0 when it was not stored.</param>
/// <param name="IsActive">Whether it decides from now on.</param>
/// <param name="Verify">Threshold of a claim about an average person by it, at the gallery's own rate or the default.</param>
/// <param name="Identify">Threshold of a search of the gallery by it, at the gallery's own rate or the default.</param>
/// <param name="IdentifyByModel">The same by the model's table; null where the model has none.</param>
public sealed record CalibrationRun(GalleryCalibration Calibration, bool IsActive, Threshold Verify, Threshold Identify, Threshold? IdentifyByModel);
