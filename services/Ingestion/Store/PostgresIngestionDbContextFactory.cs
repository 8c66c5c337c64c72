using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace FaceCloud.Ingestion.Store;

/// <summary>For <c>dotnet ef migrations add NAME --context PostgresIngestionDbContext --output-dir Store/Migrations/Postgres</c>.</summary>
internal sealed class PostgresIngestionDbContextFactory : IDesignTimeDbContextFactory<PostgresIngestionDbContext>
{
    public PostgresIngestionDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresIngestionDbContext>()
            .UseNpgsql("Host=localhost;Database=design", npgsql => npgsql.MigrationsHistoryTable("migrations", PostgresIngestionDbContext.Schema))
            .Options);
}
