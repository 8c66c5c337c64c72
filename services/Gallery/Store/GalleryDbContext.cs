using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FaceCloud.Gallery.Store;

/// <summary>Galleries, persons, faces, calibrations and deletions. Each engine has its own subclass, since migrations differ.</summary>
public abstract class GalleryDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<GalleryRow> Galleries => Set<GalleryRow>();

    public DbSet<PersonRow> Persons => Set<PersonRow>();

    public DbSet<FaceRow> Faces => Set<FaceRow>();

    public DbSet<DeletionRow> Deletions => Set<DeletionRow>();

    public DbSet<CalibrationRow> Calibrations => Set<CalibrationRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        // UTC ticks: SQLite cannot compare DateTimeOffset, and PostgreSQL's timestamps lose the last digit.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<GalleryRow>(gallery =>
        {
            gallery.ToTable("galleries");
            gallery.HasKey(row => new { row.TenantId, row.GalleryId });
            gallery.Property(row => row.TenantId).HasMaxLength(64);
            gallery.Property(row => row.GalleryId).HasMaxLength(64);
            gallery.Property(row => row.Name).HasMaxLength(200);
            gallery.Property(row => row.EmbeddingContract).HasMaxLength(256);
        });

        modelBuilder.Entity<PersonRow>(person =>
        {
            person.ToTable("persons");
            person.HasKey(row => new { row.TenantId, row.GalleryId, row.PersonId });
            person.Property(row => row.PersonId).HasMaxLength(128);
            person.Property(row => row.ExternalId).HasMaxLength(256);
            person.Property(row => row.Name).HasMaxLength(256);
            person.Property(row => row.Metadata).HasConversion(
                map => JsonSerializer.Serialize(map, JsonSerializerOptions.Default),
                text => JsonSerializer.Deserialize<Dictionary<string, string>>(text, JsonSerializerOptions.Default)!,
                new ValueComparer<Dictionary<string, string>>(
                    (one, other) => one!.Count == other!.Count && !one.Except(other).Any(),
                    map => map.Count,
                    map => new Dictionary<string, string>(map)));
            person.HasIndex(row => new { row.TenantId, row.GalleryId, row.TemplateLength });
            person.HasOne<GalleryRow>().WithMany().HasForeignKey(row => new { row.TenantId, row.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        });

        modelBuilder.Entity<FaceRow>(face =>
        {
            face.ToTable("faces");
            face.HasKey(row => new { row.TenantId, row.GalleryId, row.FaceId });
            face.Property(row => row.PersonId).HasMaxLength(128);
            face.Property(row => row.EmbeddingContract).HasMaxLength(256);
            face.Property(row => row.PhotoSha256).HasMaxLength(64);
            face.HasOne<PersonRow>().WithMany().HasForeignKey(row => new { row.TenantId, row.GalleryId, row.PersonId }).OnDelete(DeleteBehavior.Cascade);
        });

        modelBuilder.Entity<CalibrationRow>(calibration =>
        {
            calibration.ToTable("calibrations");
            calibration.HasKey(row => new { row.TenantId, row.GalleryId, row.Version });
            calibration.Property(row => row.Version).ValueGeneratedNever();
            calibration.HasOne<GalleryRow>().WithMany().HasForeignKey(row => new { row.TenantId, row.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        });

        modelBuilder.Entity<DeletionRow>(deletion =>
        {
            deletion.ToTable("deletions");
            deletion.HasKey(row => new { row.TenantId, row.GalleryId, row.PersonId, row.FaceId });
            deletion.Property(row => row.PersonId).HasMaxLength(128);
        });

        // Names that SQL needs no quotes for.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }

    private sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks,
        ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
