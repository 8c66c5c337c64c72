using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

public sealed class SqliteGalleryDbContext(DbContextOptions<SqliteGalleryDbContext> options) : GalleryDbContext(options)
{
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.AddInterceptors(SqlitePragmas.Instance);
}
