namespace FaceCloud.Gallery.Grouping;

/// <summary>Faces of one person, as far as the model can tell.</summary>
/// <param name="Faces">The most typical first, each with the mean cosine to the others; 1 for a single face.</param>
/// <param name="Cohesion">Mean cosine over all pairs; 1 for a single face.</param>
public sealed record FaceGroup(IReadOnlyList<(FaceSource Source, float Similarity)> Faces, float Cohesion);
