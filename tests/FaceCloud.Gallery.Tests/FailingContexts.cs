using FaceCloud.Gallery.Store;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Gallery.Tests;

/// <summary>A database that is locked by somebody for the next openings.</summary>
internal sealed class FailingContexts : IDbContextFactory<GalleryDbContext>
{
    private const int SqliteBusy = 5;

    private IDbContextFactory<SqliteGalleryDbContext>? _real;
    private int _failures;

    public int Failures
    {
        set => Volatile.Write(ref _failures, value);
    }

    public void AddTo(IServiceCollection services) =>
        services.AddSingleton<IDbContextFactory<GalleryDbContext>>(provider =>
        {
            _real = provider.GetRequiredService<IDbContextFactory<SqliteGalleryDbContext>>();
            return this;
        });

    public GalleryDbContext CreateDbContext() =>
        Volatile.Read(ref _failures) > 0 && Interlocked.Decrement(ref _failures) >= 0
            ? throw new SqliteException("database is locked", SqliteBusy)
            : _real!.CreateDbContext();
}
