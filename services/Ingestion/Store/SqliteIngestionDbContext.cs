using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Ingestion.Store;

/// <summary>The embedded engine. A transaction begins IMMEDIATE here: it is the only writer until it ends, so reading is locking.</summary>
public sealed class SqliteIngestionDbContext(DbContextOptions<SqliteIngestionDbContext> options) : IngestionDbContext(options)
{
    public override Task<EnrolmentJob?> LockJobAsync(string tenantId, string jobId, CancellationToken cancellationToken) =>
        Jobs.SingleOrDefaultAsync(job => job.TenantId == tenantId && job.JobId == jobId, cancellationToken);
}
