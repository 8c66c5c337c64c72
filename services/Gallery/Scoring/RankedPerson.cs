namespace FaceCloud.Gallery.Scoring;

/// <summary>A person found for a probe.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="FaceId">Their most alike face.</param>
/// <param name="Similarity">By the gallery's rule, -1..1.</param>
public readonly record struct RankedPerson(string PersonId, Guid FaceId, float Similarity);
