using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace FaceCloud.Ingestion.Store;

/// <summary>For <c>dotnet ef migrations add NAME --context SqliteIngestionDbContext --output-dir Store/Migrations/Sqlite</c>.</summary>
internal sealed class SqliteIngestionDbContextFactory : IDesignTimeDbContextFactory<SqliteIngestionDbContext>
{
    public SqliteIngestionDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteIngestionDbContext>().UseSqlite("Data Source=design.db").Options);
}
