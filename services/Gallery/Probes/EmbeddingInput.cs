namespace FaceCloud.Gallery.Probes;

/// <param name="Values">float32[dimension] of any length but zero.</param>
/// <param name="EmbeddingContract">Empty: taken as the encoder's own.</param>
public sealed record EmbeddingInput(ReadOnlyMemory<float> Values, string EmbeddingContract) : ProbeInput;
