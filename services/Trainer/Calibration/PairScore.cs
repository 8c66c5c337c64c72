namespace FaceCloud.Trainer.Calibration;

/// <summary>Two photos and their cosine.</summary>
/// <param name="Similarity">Cosine.</param>
/// <param name="First">A place in <see cref="LabelledPhotos"/>.</param>
/// <param name="Second">Another one.</param>
public readonly record struct PairScore(float Similarity, int First, int Second);
