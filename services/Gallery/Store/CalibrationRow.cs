namespace FaceCloud.Gallery.Store;

/// <summary>A calibration of a gallery on itself; never changed once written.</summary>
public sealed class CalibrationRow
{
    public required string TenantId { get; init; }

    public required string GalleryId { get; init; }

    /// <summary>From 1, by one for each.</summary>
    public required int Version { get; init; }

    /// <summary>A <see cref="Calibration.GalleryCalibration"/> as JSON.</summary>
    public required string Document { get; init; }
}
