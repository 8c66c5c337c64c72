using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Similar;

/// <param name="Faces">Best first.</param>
/// <param name="Persons">Best first, by their best face.</param>
/// <param name="Threshold">Null when none was asked for.</param>
/// <param name="EmbeddingContract">Of the gallery.</param>
public sealed record SimilarAnswer(
    IReadOnlyList<SimilarFace> Faces, IReadOnlyList<(PersonRow Person, SimilarFace Best)> Persons, Threshold? Threshold, string EmbeddingContract);
