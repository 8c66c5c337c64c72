namespace FaceCloud.Inference.Encoding;

/// <summary>Embeddings in the order of the crops: float32[dimension] each, unit length.</summary>
/// <param name="Embeddings">One a crop.</param>
/// <param name="EmbeddingContract">Of the model that made them.</param>
/// <param name="Queued">Longest wait for a batch.</param>
/// <param name="Encoding">Longest run of the network.</param>
public sealed record EncodedFaces(IReadOnlyList<float[]> Embeddings, string EmbeddingContract, TimeSpan Queued, TimeSpan Encoding);
