using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

/// <summary>
/// One gallery as it was at one moment, read as it is consumed, while others write: a read transaction of its own connection.
/// Keep it short: both engines keep what was replaced since then.
/// </summary>
public sealed class StoreSnapshot : IAsyncDisposable
{
    private readonly GalleryDbContext _store;
    private readonly GalleryKey _key;

    private StoreSnapshot(GalleryDbContext store, GalleryKey key, GalleryRow gallery)
    {
        _store = store;
        _key = key;
        Gallery = gallery;
    }

    public GalleryRow Gallery { get; }

    /// <returns>Null when there is no such gallery.</returns>
    internal static async Task<StoreSnapshot?> OpenAsync(IDbContextFactory<GalleryDbContext> contexts, GalleryKey key, CancellationToken cancellationToken)
    {
        var store = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            if (store.Database.IsSqlite())
            {
                // Deferred: any other kind would take the place of the one writer.
                await store.Database.OpenConnectionAsync(cancellationToken);
                var connection = (SqliteConnection)store.Database.GetDbConnection();
                await store.Database.UseTransactionAsync(connection.BeginTransaction(deferred: true), cancellationToken);
            }
            else
            {
                await store.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            }

            // The first read settles the moment on both engines.
            var gallery = await store.Galleries.AsNoTracking().SingleOrDefaultAsync(row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId, cancellationToken);
            if (gallery is not null)
            {
                return new StoreSnapshot(store, key, gallery);
            }
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }

        await store.DisposeAsync();
        return null;
    }

    /// <summary>By id.</summary>
    public IAsyncEnumerable<PersonRow> ReadPersonsAsync() =>
        _store.Persons.AsNoTracking()
            .Where(row => row.TenantId == _key.TenantId && row.GalleryId == _key.GalleryId)
            .OrderBy(row => row.PersonId)
            .AsAsyncEnumerable();

    /// <summary>By id, with embeddings.</summary>
    public IAsyncEnumerable<FaceRow> ReadFacesAsync() =>
        _store.Faces.AsNoTracking()
            .Where(row => row.TenantId == _key.TenantId && row.GalleryId == _key.GalleryId)
            .OrderBy(row => row.FaceId)
            .AsAsyncEnumerable();

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
