using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Identification;

/// <param name="Person">Who it may be.</param>
/// <param name="Similarity">By the gallery's scoring; by default the cosine of the best face.</param>
/// <param name="BestFaceId">That face.</param>
/// <param name="AboveThreshold">At or above it.</param>
/// <param name="Probability">That probe and best face are one person's, as if only this person had been claimed; null without a head.</param>
public sealed record Candidate(PersonRow Person, float Similarity, Guid BestFaceId, bool AboveThreshold, double? Probability = null);
