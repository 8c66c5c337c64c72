namespace FaceCloud.Trainer.Detection;

/// <summary>What a detector's checkpoint says about itself; the weights follow it in the file.</summary>
/// <param name="Architecture">Shape of the network.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Options">How it was trained.</param>
/// <param name="DataFingerprint">Which photos it was trained on.</param>
/// <param name="Window">Metrics since the last row.</param>
public sealed record DetectorCheckpointHeader(
    DetectorArchitecture Architecture,
    long Step,
    DetectorTrainingOptions Options,
    string DataFingerprint,
    DetectorMetrics Window);
