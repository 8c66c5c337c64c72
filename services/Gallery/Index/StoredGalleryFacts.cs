using System.Collections.Concurrent;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index;

/// <summary>
/// Facts from the store. Persons are counted again when the gallery's revision has changed; a large gallery's at most every half
/// minute: the count only moves the threshold, by its logarithm.
/// </summary>
public sealed class StoredGalleryFacts(GalleryStore store, TimeProvider time) : IGalleryFacts
{
    private const long Large = 100_000;
    private static readonly TimeSpan OldEnough = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<GalleryKey, Counted> _counted = new();

    public async Task<GalleryFacts?> FindAsync(GalleryKey gallery, CancellationToken cancellationToken)
    {
        var row = await store.FindGalleryAsync(gallery, cancellationToken);
        if (row is null || row.EmbeddingContract.Length == 0)
        {
            _counted.TryRemove(gallery, out _);
            return null;
        }

        var space = new EmbeddingSpace(row.EmbeddingContract, row.Dimension);
        var now = time.GetTimestamp();
        if (!_counted.TryGetValue(gallery, out var counted) || !IsGood(counted))
        {
            var (persons, faces) = await store.CountPersonsAndFacesAsync(gallery, cancellationToken);
            counted = new Counted(row.CreatedAt, row.Revision, new IndexSize(persons, faces), now);
            _counted[gallery] = counted;
        }

        return new GalleryFacts(space, counted.Size);

        // A gallery made again begins with revision 0 again.
        bool IsGood(Counted known) =>
            known.CreatedAt == row.CreatedAt
            && (known.Revision == row.Revision || (known.Size.Faces >= Large && time.GetElapsedTime(known.At, now) < OldEnough));
    }

    private sealed record Counted(DateTimeOffset CreatedAt, long Revision, IndexSize Size, long At);
}
