using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Store;

/// <summary>PostgreSQL, in a schema of its own: services may share a database.</summary>
public sealed class PostgresIngestionDbContext(DbContextOptions<PostgresIngestionDbContext> options) : IngestionDbContext(options)
{
    public const string Schema = "ingestion";

    public override async Task<EnrolmentJob?> LockJobAsync(string tenantId, string jobId, CancellationToken cancellationToken)
    {
        var jobs = await Jobs
            .FromSql($"SELECT * FROM ingestion.jobs WHERE tenant_id = {tenantId} AND job_id = {jobId} FOR UPDATE")
            .ToListAsync(cancellationToken);
        return jobs.SingleOrDefault();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        base.OnModelCreating(modelBuilder);
    }
}
