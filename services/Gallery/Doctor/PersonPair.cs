namespace FaceCloud.Gallery.Doctor;

/// <param name="PersonId">The lower id.</param>
/// <param name="OtherPersonId">The greater id.</param>
/// <param name="BestSimilarity">Cosine of the most alike faces.</param>
/// <param name="MeanSimilarity">Over all pairs of their faces.</param>
/// <param name="FaceId">Of the first person, in the best pair.</param>
/// <param name="OtherFaceId">Of the second.</param>
public sealed record PersonPair(string PersonId, string OtherPersonId, float BestSimilarity, float MeanSimilarity, Guid FaceId, Guid OtherFaceId);
