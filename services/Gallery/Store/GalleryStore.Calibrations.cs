using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Calibration;
using Microsoft.EntityFrameworkCore;

namespace FaceCloud.Gallery.Store;

/// <content>Calibrations of galleries on themselves.</content>
public sealed partial class GalleryStore
{
    /// <summary>The gallery's own calibration in use: active, and of the contract and the scoring that the gallery has now. Null: the model's.</summary>
    public async Task<GalleryCalibration?> FindActiveCalibrationAsync(GalleryRow gallery, CancellationToken cancellationToken)
    {
        if (gallery.ActiveCalibration is not { } version)
        {
            return null;
        }

        var key = new GalleryKey(gallery.TenantId, gallery.GalleryId);
        var row = await RunAsync(
            store => Calibrations(store, key).AsNoTracking().SingleOrDefaultAsync(calibration => calibration.Version == version, cancellationToken), cancellationToken);
        return row is null ? null : GalleryCalibration.Read(row) is var calibration && calibration.Fits(gallery) ? calibration : null;
    }

    /// <summary>Newest first.</summary>
    /// <exception cref="FailureException">GalleryNotFound.</exception>
    public Task<(GalleryRow Gallery, IReadOnlyList<GalleryCalibration> Calibrations)> ListCalibrationsAsync(GalleryKey key, CancellationToken cancellationToken) =>
        RunAsync<(GalleryRow, IReadOnlyList<GalleryCalibration>)>(
            async store =>
            {
                var gallery = await Gallery(store, key).AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? throw NoGallery(key);
                var rows = await Calibrations(store, key).AsNoTracking().OrderByDescending(row => row.Version).ToListAsync(cancellationToken);
                return (gallery, [.. rows.Select(GalleryCalibration.Read)]);
            },
            cancellationToken);

    /// <summary>Stores a calibration as the next version. The oldest that are not in use go when there are more than <paramref name="kept"/>.</summary>
    /// <returns>The gallery and the calibration with its version.</returns>
    /// <exception cref="FailureException">GalleryNotFound: deleted while it was measured. CalibrationInvalid: model or scoring changed meanwhile.</exception>
    public async Task<(GalleryRow Gallery, GalleryCalibration Calibration)> AddCalibrationAsync(
        GalleryKey key, GalleryCalibration measured, DateTimeOffset galleryCreatedAt, bool activate, int kept, CancellationToken cancellationToken) =>
        await WriteAsync<(GalleryRow, GalleryCalibration)?>(
            key,
            async store =>
            {
                var gallery = await Gallery(store, key).SingleAsync(cancellationToken);
                if (gallery.CreatedAt != galleryCreatedAt)
                {
                    throw NoGallery(key);
                }

                if (!measured.Fits(gallery))
                {
                    throw Stale();
                }

                var versions = await Calibrations(store, key).Select(row => row.Version).ToListAsync(cancellationToken);
                var calibration = measured with { Version = versions.DefaultIfEmpty().Max() + 1 };
                store.Calibrations.Add(calibration.ToRow(key));
                gallery.ActiveCalibration = activate ? calibration.Version : gallery.ActiveCalibration;
                await store.SaveChangesAsync(cancellationToken);

                var gone = versions.Where(version => version != gallery.ActiveCalibration).OrderDescending().Skip(kept - 1).ToList();
                await Calibrations(store, key).Where(row => gone.Contains(row.Version)).ExecuteDeleteAsync(cancellationToken);
                return (gallery, calibration);
            },
            otherwise: null,
            cancellationToken) ?? throw NoGallery(key);

    /// <summary>Makes another version the one in use.</summary>
    /// <param name="key">Of the gallery.</param>
    /// <param name="version">Null: the newest one before the active; 0: none, so that the model's calibration decides again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FailureException">GalleryNotFound, CalibrationNotFound, CalibrationInvalid.</exception>
    public async Task ActivateCalibrationAsync(GalleryKey key, int? version, CancellationToken cancellationToken)
    {
        var found = await WriteAsync(
            key,
            async store =>
            {
                var gallery = await Gallery(store, key).SingleAsync(cancellationToken);
                if (version is null && gallery.ActiveCalibration is null)
                {
                    throw new FailureException(FailureReason.CalibrationNotFound, "The gallery has no calibration in use that could be rolled back; the model's decides already.");
                }

                var calibrations = (await Calibrations(store, key).AsNoTracking().OrderByDescending(row => row.Version).ToListAsync(cancellationToken))
                    .ConvertAll(GalleryCalibration.Read);
                var chosen = version switch
                {
                    0 => null,
                    null => calibrations.Find(calibration => calibration.Version < gallery.ActiveCalibration && calibration.Fits(gallery)),
                    _ => calibrations.Find(calibration => calibration.Version == version)
                        ?? throw new FailureException(FailureReason.CalibrationNotFound, $"The gallery has no calibration {version}; list them to see which there are."),
                };
                if (chosen?.Fits(gallery) == false)
                {
                    throw Stale();
                }

                gallery.ActiveCalibration = chosen?.Version;
                await store.SaveChangesAsync(cancellationToken);
                return true;
            },
            otherwise: false,
            cancellationToken);
        if (!found)
        {
            throw NoGallery(key);
        }
    }

    private static FailureException Stale() =>
        new(FailureReason.CalibrationInvalid, "The calibration was measured with another model or another scoring than the gallery has now; calibrate it anew.");

    private static IQueryable<CalibrationRow> Calibrations(GalleryDbContext store, GalleryKey key) =>
        store.Calibrations.Where(row => row.TenantId == key.TenantId && row.GalleryId == key.GalleryId);
}
