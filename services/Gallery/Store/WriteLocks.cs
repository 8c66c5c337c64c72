using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

/// <summary>
/// Writers of one gallery in this process, one after the other, from the store's transaction to the index's change:
/// the index then sees changes in the order in which the store made them. SQLite has one writer a file anyway;
/// waiting here is fairer than its busy loop.
/// </summary>
public sealed class WriteLocks
{
    private const int Stripes = 64;

    private readonly SemaphoreSlim[] _stripes;

    public WriteLocks(IDbContextFactory<GalleryDbContext> contexts)
    {
        using var context = contexts.CreateDbContext();
        _stripes = [.. Enumerable.Range(0, context.Database.IsSqlite() ? 1 : Stripes).Select(_ => new SemaphoreSlim(1, 1))];
    }

    /// <summary>Dispose the answer to leave.</summary>
    public async Task<IDisposable> EnterAsync(GalleryKey gallery, CancellationToken cancellationToken)
    {
        var stripe = _stripes[(uint)gallery.GetHashCode() % (uint)_stripes.Length];
        await stripe.WaitAsync(cancellationToken);
        return new Leaver(stripe);
    }

    private sealed class Leaver(SemaphoreSlim stripe) : IDisposable
    {
        public void Dispose() => stripe.Release();
    }
}
