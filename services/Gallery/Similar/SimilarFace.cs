namespace FaceCloud.Gallery.Similar;

/// <param name="FaceId">The face found.</param>
/// <param name="PersonId">Whose it is.</param>
/// <param name="Similarity">Cosine to <paramref name="LikeFaceId"/>.</param>
/// <param name="LikeFaceId">The nearest of the faces asked about.</param>
public sealed record SimilarFace(Guid FaceId, string PersonId, float Similarity, Guid LikeFaceId);
