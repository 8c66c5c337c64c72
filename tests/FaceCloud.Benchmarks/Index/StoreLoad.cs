using System.Data.Common;
using System.Diagnostics;
using FaceCloud.Contracts;
using FaceCloud.Gallery;
using FaceCloud.Gallery.Index.Embedded;
using FaceCloud.Gallery.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Benchmarks.Index;

/// <summary>How long the index takes to be filled from SQLite, as at the start of the service.</summary>
public static class StoreLoad
{
    private static readonly GalleryKey Key = new("default", "benchmark");

    public static async Task<(TimeSpan Time, TimeSpan Processor)> MeasureAsync(FaceSet set, string folder, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<SqliteGalleryDbContext>()
            .UseSqlite($"Data Source={Path.Combine(folder, $"gallery-{set.Dimension}.db")};Pooling=False")
            .Options;
        await FillAsync(options, set, cancellationToken);

        var store = new GalleryStore(new Contexts(options), Options.Create(new GalleryOptions()), TimeProvider.System);
        var index = new EmbeddedFaceIndex();
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await index.ReplaceAsync(Key, store.ReadVectorsAsync(Key, cancellationToken), cancellationToken);
        var elapsed = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - processor);

        var size = await index.GetSizeAsync(Key, cancellationToken);
        return size.Faces == set.Faces ? elapsed : throw new InvalidOperationException($"{size.Faces} of {set.Faces} faces were loaded.");
    }

    // Straight into the tables: enrolment itself would take an hour.
    private static async Task FillAsync(DbContextOptions<SqliteGalleryDbContext> options, FaceSet set, CancellationToken cancellationToken)
    {
        await using var context = new SqliteGalleryDbContext(options);
        await context.Database.MigrateAsync(cancellationToken);
        context.Galleries.Add(new GalleryRow { TenantId = Key.TenantId, GalleryId = Key.GalleryId, EmbeddingContract = "benchmark", Dimension = set.Dimension });
        await context.SaveChangesAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF", cancellationToken);

        // One transaction a batch, or the write-ahead log would grow as large as everything.
        foreach (var batch in set.Batches())
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            foreach (var personId in batch.Select(face => face.PersonId).Distinct())
            {
                await context.Database.ExecuteSqlAsync(
                    $"INSERT OR IGNORE INTO persons (tenant_id, gallery_id, person_id, external_id, name, metadata, created_at) VALUES ({Key.TenantId}, {Key.GalleryId}, {personId}, '', '', '{{}}', 0)",
                    cancellationToken);
            }

            await using var insert = context.Database.GetDbConnection().CreateCommand();
            insert.CommandText =
                "INSERT INTO faces (tenant_id, gallery_id, face_id, person_id, embedding_contract, embedding, photo_sha256, face_ordinal, "
                + "box_x, box_y, box_width, box_height, quality_score, sharpness, brightness, yaw, pitch, roll, created_at) "
                + $"VALUES ('{Key.TenantId}', '{Key.GalleryId}', @face, @person, 'facecloud-encoder-1:0123456789ab', @embedding, @photo, 0, 0.1, 0.1, 0.5, 0.5, 0.9, 0.9, 0.5, 0, 0, 0, 0)";
            var (face, person, embedding, photo) = (Parameter(insert, "@face"), Parameter(insert, "@person"), Parameter(insert, "@embedding"), Parameter(insert, "@photo"));
            foreach (var vector in batch)
            {
                (face.Value, person.Value, embedding.Value) = (vector.FaceId, vector.PersonId, EmbeddingBytes.ToBytes(vector.Embedding));
                photo.Value = $"{vector.FaceId:N}{vector.FaceId:N}";
                insert.ExecuteNonQuery();
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static DbParameter Parameter(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }

    private sealed class Contexts(DbContextOptions<SqliteGalleryDbContext> options) : IDbContextFactory<GalleryDbContext>
    {
        public GalleryDbContext CreateDbContext() => new SqliteGalleryDbContext(options);
    }
}
