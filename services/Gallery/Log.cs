namespace FaceCloud.Gallery;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Index loaded: {Faces} faces of {Galleries} galleries in {Milliseconds:F0} ms")]
    public static partial void IndexLoaded(ILogger logger, long faces, int galleries, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "The index cannot be loaded from the store; trying again in {Pause}")]
    public static partial void IndexWaits(ILogger logger, TimeSpan pause, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "Gallery {Gallery} was read again from the store, since a write of it had failed")]
    public static partial void IndexReloaded(ILogger logger, string gallery);

    [LoggerMessage(4, LogLevel.Warning, "Encoded faces cannot be stored ({Count} of gallery {Gallery}); they are tried again")]
    public static partial void StoreRetried(ILogger logger, int count, string gallery, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "{Count} FaceEncoded messages without a target were dropped")]
    public static partial void StrayMessages(ILogger logger, int count);

    [LoggerMessage(6, LogLevel.Information, "Gallery {Gallery} was calibrated on itself: version {Version}, {Persons} persons, {Comparisons} comparisons of different persons")]
    public static partial void GalleryCalibrated(ILogger logger, string gallery, int version, int persons, long comparisons);
}
