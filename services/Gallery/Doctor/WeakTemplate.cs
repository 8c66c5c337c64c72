namespace FaceCloud.Gallery.Doctor;

/// <param name="FaceId">The face.</param>
/// <param name="PersonId">Whose it is.</param>
/// <param name="Reasons">One or both.</param>
/// <param name="Quality">Score, 0..1.</param>
/// <param name="OwnSimilarity">Cosine to the nearest other face of its own person; null when there is none.</param>
public sealed record WeakTemplate(Guid FaceId, string PersonId, IReadOnlyList<WeakReason> Reasons, float Quality, float? OwnSimilarity);
