using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace FaceCloud.Gallery.Store;

/// <summary>For <c>dotnet ef migrations add NAME --context SqliteGalleryDbContext --output-dir Store/Migrations/Sqlite</c>; connects to nothing.</summary>
public sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteGalleryDbContext>
{
    public SqliteGalleryDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteGalleryDbContext>().UseSqlite().Options);
}
