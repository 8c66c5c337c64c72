namespace FaceCloud.Gallery.Backup;

/// <param name="File">At its beginning; gone when disposed.</param>
/// <param name="GalleryId">Of the gallery.</param>
/// <param name="EmbeddingContract">Empty without faces.</param>
/// <param name="Persons">In it.</param>
/// <param name="Faces">In it.</param>
public sealed record ExportedGallery(FileStream File, string GalleryId, string EmbeddingContract, long Persons, long Faces) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => File.DisposeAsync();
}
