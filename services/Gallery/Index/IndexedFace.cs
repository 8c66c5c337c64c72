namespace FaceCloud.Gallery.Index;

/// <summary>A face as the index holds it; the embedding only where it was asked for.</summary>
public readonly record struct IndexedFace(Guid FaceId, string PersonId, float[]? Embedding);
