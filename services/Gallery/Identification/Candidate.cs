using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Identification;

/// <param name="Person">Who it may be.</param>
/// <param name="Similarity">Cosine of the best face.</param>
/// <param name="BestFaceId">That face.</param>
/// <param name="AboveThreshold">At or above it.</param>
public sealed record Candidate(PersonRow Person, float Similarity, Guid BestFaceId, bool AboveThreshold);
