using FaceCloud.Contracts;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

/// <content>Embeddings of some persons, for those who compare templates with templates.</content>
public sealed partial class GalleryStore
{
    /// <summary>All faces of the given persons, with embeddings and quality scores, by person and face id.</summary>
    public Task<IReadOnlyList<(FaceVector Face, float Quality)>> GetPersonsTemplatesAsync(
        GalleryKey key, IReadOnlyCollection<string> personIds, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<(FaceVector, float)>>(
            async store => (await Faces(store, key)
                    .Where(row => personIds.Contains(row.PersonId))
                    .OrderBy(row => row.PersonId)
                    .ThenBy(row => row.FaceId)
                    .Select(row => new { row.FaceId, row.PersonId, row.Embedding, row.QualityScore })
                    .ToListAsync(cancellationToken))
                .ConvertAll(row => (new FaceVector(row.FaceId, row.PersonId, EmbeddingBytes.ToFloats(row.Embedding)), row.QualityScore)),
            cancellationToken);
}
