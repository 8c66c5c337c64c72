using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Scoring;

/// <summary>How alike a person is to a probe.</summary>
/// <param name="BestFace">Their most alike face.</param>
/// <param name="Similarity">By the gallery's rule, -1..1.</param>
public readonly record struct PersonScore(FaceVector BestFace, float Similarity);
