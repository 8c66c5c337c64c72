using FaceCloud.Trainer.Networks;
using FaceCloud.Trainer.Training;

namespace FaceCloud.Trainer.Checkpoints;

/// <summary>What a checkpoint says about itself; the weights follow it in the file.</summary>
/// <param name="Architecture">Shape of the network.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Options">How it was trained.</param>
/// <param name="DataFingerprint">Which photos it was trained on.</param>
/// <param name="Window">Metrics since the last row.</param>
public sealed record CheckpointHeader(
    EncoderArchitecture Architecture,
    long Step,
    EncoderTrainingOptions Options,
    string DataFingerprint,
    MetricWindow Window);
