namespace FaceCloud.Gallery.Store;

/// <summary>What the index needs of a face; the embedding has unit length.</summary>
public sealed record FaceVector(Guid FaceId, string PersonId, float[] Embedding);
