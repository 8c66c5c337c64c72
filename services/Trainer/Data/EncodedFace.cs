namespace FaceCloud.Trainer.Data;

/// <summary>A photo as stored, and the row of <see cref="IFaceSource.Faces"/> it belongs to.</summary>
public sealed record EncodedFace(int Row, byte[] Photo);
