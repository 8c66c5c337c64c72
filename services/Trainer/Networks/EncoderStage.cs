namespace FaceCloud.Trainer.Networks;

/// <summary>One stage of an <see cref="EncoderArchitecture"/>: channels, and how many residual blocks follow the strided convolution.</summary>
public sealed record EncoderStage(int Channels, int Blocks);
