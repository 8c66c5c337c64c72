namespace FaceCloud.Gallery;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Index loaded: {Faces} faces of {Galleries} galleries in {Milliseconds:F0} ms")]
    public static partial void IndexLoaded(ILogger logger, long faces, int galleries, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "The index cannot be loaded from the store; trying again every {Pause}")]
    public static partial void IndexWaits(ILogger logger, TimeSpan pause, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "Gallery {Gallery} was read again from the store, since a write of it had failed")]
    public static partial void IndexReloaded(ILogger logger, string gallery);

    [LoggerMessage(4, LogLevel.Warning, "Encoded faces cannot be stored ({Count} of gallery {Gallery}); they are tried again")]
    public static partial void StoreRetried(ILogger logger, int count, string gallery, Exception exception);

    [LoggerMessage(18, LogLevel.Debug, "The size of the index could not be counted")]
    public static partial void IndexNotMeasured(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "A face of gallery {Gallery} is not searched: {Why}")]
    public static partial void FaceDamaged(ILogger logger, string gallery, string why);

    [LoggerMessage(7, LogLevel.Warning, "The index of gallery {Gallery} differed from the store: {Missing} faces missing, {Extra} too many, {Changed} changed; repaired: {Repaired}")]
    public static partial void IndexDrifted(ILogger logger, string gallery, long missing, long extra, long changed, bool repaired);

    [LoggerMessage(8, LogLevel.Error, "{Method} of the vector index failed")]
    public static partial void IndexFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "The vector index does not answer; searches and enrolments fail until it does")]
    public static partial void IndexAway(ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "The vector index has lost what it held; it is filled again from the store")]
    public static partial void IndexLost(ILogger logger);

    [LoggerMessage(11, LogLevel.Warning, "The key for {Endpoint} goes over the network in clear text; use an https address")]
    public static partial void KeyInClearText(ILogger logger, Uri endpoint);

    [LoggerMessage(12, LogLevel.Warning, "The new index missed a write of gallery {Gallery}; the gallery is compared again before the move ends")]
    public static partial void MoveMissedWrite(ILogger logger, string gallery, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "The move of the index waits; trying again in {Pause}")]
    public static partial void MoveWaits(ILogger logger, TimeSpan pause, Exception exception);

    [LoggerMessage(14, LogLevel.Warning, "An index that is not used any more could not be emptied; it still holds embeddings, so drop its collections by hand")]
    public static partial void MoveLeftovers(ILogger logger, Exception exception);

    [LoggerMessage(15, LogLevel.Error, "{Operation} of the index failed")]
    public static partial void IndexOperationFailed(ILogger logger, Index.Moves.IndexOperationKind operation, Exception exception);

    [LoggerMessage(16, LogLevel.Information, "{Operation} of the index ended: {State} {Message}")]
    public static partial void IndexOperationEnded(ILogger logger, Index.Moves.IndexOperationKind operation, Index.Moves.IndexOperationState state, string message);

    [LoggerMessage(17, LogLevel.Information, "Gallery {Gallery} was calibrated on itself: version {Version}, {Persons} persons, {Comparisons} comparisons of different persons")]
    public static partial void GalleryCalibrated(ILogger logger, string gallery, int version, int persons, long comparisons);
}
