namespace FaceCloud.Gallery.Index;

/// <summary>A person and the face of theirs that is nearest to the probe.</summary>
public readonly record struct PersonMatch(string PersonId, Guid FaceId, float Similarity);
