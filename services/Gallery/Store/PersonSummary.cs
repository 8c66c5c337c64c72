namespace FaceCloud.Gallery.Store;

/// <summary>A person with the count of faces.</summary>
public sealed record PersonSummary(PersonRow Person, int Faces);
