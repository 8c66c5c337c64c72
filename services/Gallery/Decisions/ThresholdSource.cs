namespace FaceCloud.Gallery.Decisions;

/// <summary>Where a threshold came from; the same words as the proto enum.</summary>
public enum ThresholdSource
{
    Request = 1,
    RequestRate = 2,
    Gallery = 3,
    GalleryRate = 4,
    ModelCalibration = 5,
    GalleryCalibration = 6,
}
