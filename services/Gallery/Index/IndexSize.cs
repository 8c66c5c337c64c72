namespace FaceCloud.Gallery.Index;

/// <param name="Persons">Persons with at least one face.</param>
/// <param name="Faces">Faces of all of them.</param>
public readonly record struct IndexSize(long Persons, long Faces);
