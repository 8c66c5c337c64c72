namespace FaceCloud.Trainer.Detection;

/// <summary>One stage of a <see cref="DetectorArchitecture"/>: channels, and how many residual blocks follow the strided convolution.</summary>
public sealed record DetectorStage(int Channels, int Blocks);
