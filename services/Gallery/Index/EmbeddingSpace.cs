namespace FaceCloud.Gallery.Index;

/// <summary>What embeddings must share to be compared.</summary>
/// <param name="Contract">Model and the hash of its file.</param>
/// <param name="Dimension">Floats of an embedding.</param>
public readonly record struct EmbeddingSpace(string Contract, int Dimension);
