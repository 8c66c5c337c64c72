namespace FaceCloud.Gallery.Doctor;

/// <param name="FaceId">The face.</param>
/// <param name="PersonId">Enrolled as.</param>
/// <param name="LikelyPersonId">Looks like.</param>
/// <param name="OwnSimilarity">Mean cosine to the other faces of its own person.</param>
/// <param name="LikelySimilarity">Mean cosine to the faces of the other person.</param>
public sealed record MislabelledFace(Guid FaceId, string PersonId, string LikelyPersonId, float OwnSimilarity, float LikelySimilarity);
