namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>A face found in a sample.</summary>
/// <param name="CentreX">Of its box, share of the picture's width.</param>
/// <param name="Passes">Whether it is good enough to be enrolled.</param>
/// <param name="Embeddings">One an encoder.</param>
public sealed record JudgedFace(float CentreX, bool Passes, float[][] Embeddings);
