namespace FaceCloud.Trainer.Data;

/// <summary>A face in an ordinary photo.</summary>
/// <param name="CentreX">Middle of its box, share of the photo's width.</param>
/// <param name="Passes">Whether it passes the product's gate for enrolment.</param>
/// <param name="Crop">Aligned, byte[112 × 112 × 3].</param>
public sealed record FoundFace(float CentreX, bool Passes, ReadOnlyMemory<byte> Crop);
