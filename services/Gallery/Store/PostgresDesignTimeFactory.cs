using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace FaceCloud.Gallery.Store;

/// <summary>For <c>dotnet ef migrations add NAME --context PostgresGalleryDbContext --output-dir Store/Migrations/Postgres</c>; connects to nothing.</summary>
public sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresGalleryDbContext>
{
    public PostgresGalleryDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresGalleryDbContext>()
            .UseNpgsql(npgsql => npgsql.MigrationsHistoryTable("migrations", PostgresGalleryDbContext.Schema)).Options);
}
