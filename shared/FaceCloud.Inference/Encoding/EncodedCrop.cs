using FaceCloud.Contracts.Failures;

namespace FaceCloud.Inference.Encoding;

/// <summary>One of the two: a unit embedding, or why there is none.</summary>
internal readonly record struct EncodedCrop(float[]? Embedding, FailureException? Failure);
