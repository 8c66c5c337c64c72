using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Encoding;

namespace FaceCloud.Gallery.Decisions;

/// <summary>The calibration of the encoder in use, where a rate needs one. Without it there is no threshold to be guessed.</summary>
public static class ModelCalibration
{
    /// <exception cref="FailureException">ModelNotCalibrated.</exception>
    public static ThresholdBasis Of(EncoderModel model) => model.Calibration.Count > 0
        ? new ThresholdBasis(new CalibrationTable(model.Calibration), Unit: 1, Version: 0)
        : throw new FailureException(
            FailureReason.ModelNotCalibrated,
            $"The encoder '{model.Name}' has no calibration, so no threshold follows from a rate. Give a threshold (a cosine) in the request or in the gallery's settings, " +
            "calibrate the gallery on its own faces (CalibrateGallery), or measure a table with the Trainer's 'calibrate'.");
}
