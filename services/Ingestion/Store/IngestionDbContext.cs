using System.Text.Json;
using FaceCloud.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FaceCloud.Ingestion.Store;

/// <summary>Jobs and items. One model for both engines; what differs is in the contexts derived from it.</summary>
public abstract class IngestionDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<EnrolmentJob> Jobs => Set<EnrolmentJob>();

    public DbSet<EnrolmentItem> Items => Set<EnrolmentItem>();

    /// <summary>
    /// Reads a job so that nobody else changes it, or books items on it, until this transaction ends. Null when there is none.
    /// </summary>
    public abstract Task<EnrolmentJob?> LockJobAsync(string tenantId, string jobId, CancellationToken cancellationToken);

    /// <summary>
    /// Those of these items that the job has. Asked by id alone, which an index answers. With the job beside it a planner whose statistics
    /// do not know a new job yet takes it for nearly empty, and reads all its items to find these; so everybody asks here.
    /// </summary>
    public async Task<Dictionary<Guid, EnrolmentItem>> FindItemsAsync(
        string tenantId, string jobId, IEnumerable<Guid> itemIds, CancellationToken cancellationToken)
    {
        var ids = itemIds.Distinct().ToArray();
        var items = await Items.Where(item => ids.Contains(item.ItemId)).ToListAsync(cancellationToken);
        return items.Where(item => item.TenantId == tenantId && item.JobId == jobId).ToDictionary(item => item.ItemId);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // A number sorts and compares the same on both engines; SQLite has no type for instants.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<EnrolmentJob>(job =>
        {
            job.ToTable("jobs");
            job.HasKey(row => new { row.TenantId, row.JobId });
            job.HasIndex(row => new { row.TenantId, row.CreatedAt, row.JobId });
            job.Property(row => row.TenantId).HasMaxLength(64);
            job.Property(row => row.JobId).HasMaxLength(64);
            job.Property(row => row.GalleryId).HasMaxLength(64);
            job.Ignore(row => row.Finished);
            job.Ignore(row => row.Accepted);
            job.Ignore(row => row.HasEnded);

            // Whether a job of a higher priority is at work is asked for every photo.
            job.HasIndex(row => row.Priority).HasFilter("state IN (1, 2)");
            job.Property(row => row.Reasons).HasConversion(
                counts => JsonSerializer.Serialize(counts, JsonSerializerOptions.Default),
                text => JsonSerializer.Deserialize<Dictionary<string, long>>(text, JsonSerializerOptions.Default)!,
                // The dictionary is replaced, never changed.
                new ValueComparer<IReadOnlyDictionary<string, long>>((one, other) => ReferenceEquals(one, other), counts => counts.Count));
        });

        modelBuilder.Entity<EnrolmentItem>(item =>
        {
            item.ToTable("items");
            item.HasKey(row => new { row.TenantId, row.JobId, row.ItemId });
            item.HasOne<EnrolmentJob>().WithMany().HasForeignKey(row => new { row.TenantId, row.JobId });
            item.HasIndex(row => row.ItemId).IsUnique();
            item.HasIndex(row => new { row.TenantId, row.JobId, row.Outcome, row.ItemId });
            item.HasIndex(row => row.OverdueAt).HasFilter("outcome IS NULL AND NOT is_held");
            item.HasIndex(row => new { row.TenantId, row.JobId, row.ItemId }).HasFilter("is_held");
            item.Ignore(row => row.KeepsPhoto);
            item.Property(row => row.TenantId).HasMaxLength(64);
            item.Property(row => row.JobId).HasMaxLength(64);
            item.Property(row => row.PersonId).HasMaxLength(256);
            item.Property(row => row.PersonName).HasMaxLength(512);
            item.Property(row => row.Source).HasMaxLength(2048);
            item.Property(row => row.PhotoSha256).HasMaxLength(64);
            item.Property(row => row.ErrorReason).HasMaxLength(64);
            item.Property(row => row.Message).HasMaxLength(EnrolmentItem.MaxMessageLength);
            item.Property(row => row.Reasons).HasConversion(
                reasons => string.Join(',', reasons.Select(QualityReasons.ToWire)),
                text => text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(QualityReasons.FromWire).ToArray(),
                new ValueComparer<IReadOnlyList<QualityReason>>((one, other) => ReferenceEquals(one, other), reasons => reasons.Count));
        });

        // Operators read these tables without quotes.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }

    private sealed class MicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
        instant => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        value => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond));
}
