namespace FaceCloud.Gallery.Index;

/// <param name="Space">Of the gallery's embeddings.</param>
/// <param name="Size">Persons with a face, and faces.</param>
public sealed record GalleryFacts(EmbeddingSpace Space, IndexSize Size);
