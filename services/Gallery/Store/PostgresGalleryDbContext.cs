using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

public sealed class PostgresGalleryDbContext(DbContextOptions<PostgresGalleryDbContext> options) : GalleryDbContext(options)
{
    public const string Schema = "gallery";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDefaultSchema(Schema);

        // Pages are by id in byte order, on both engines and whatever the database's locale is.
        foreach (var property in modelBuilder.Model.GetEntityTypes()
            .SelectMany(entity => entity.GetProperties())
            .Where(property => (property.IsKey() || property.IsForeignKey()) && property.ClrType == typeof(string)))
        {
            property.SetCollation("C");
        }
    }
}
