using System.Collections.Concurrent;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Tests.Index.Contract;

/// <summary>Contracts as a test declares them; sizes as the index under test has them.</summary>
internal sealed class TestFacts : IGalleryFacts
{
    private readonly ConcurrentDictionary<GalleryKey, EmbeddingSpace> _spaces = new();
    private readonly AsyncLocal<bool> _isCounting = new();

    /// <summary>Asked for sizes; null: every gallery is said to have many.</summary>
    public IFaceIndex? Index { get; set; }

    public static EmbeddingSpace Space(int dimension) => new($"test-{dimension}:0123456789ab", dimension);

    public void Declare(GalleryKey gallery, int dimension) => _spaces[gallery] = Space(dimension);

    public void Declare(GalleryKey gallery, EmbeddingSpace space) => _spaces[gallery] = space;

    public void Forget(GalleryKey gallery) => _spaces.TryRemove(gallery, out _);

    public async Task<GalleryFacts?> FindAsync(GalleryKey gallery, CancellationToken cancellationToken)
    {
        if (!_spaces.TryGetValue(gallery, out var space))
        {
            return null;
        }

        if (_isCounting.Value || Index is null)
        {
            return new GalleryFacts(space, new IndexSize(1_000_000, 1_000_000));
        }

        // Counting asks for the contract again.
        _isCounting.Value = true;
        return new GalleryFacts(space, await Index.GetSizeAsync(gallery, cancellationToken));
    }
}
