namespace FaceCloud.Ingestion;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Job {Job} opened for gallery {Gallery}")]
    public static partial void JobOpened(ILogger logger, string job, string gallery);

    [LoggerMessage(2, LogLevel.Information, "Job {Job} takes no more photos")]
    public static partial void JobClosed(ILogger logger, string job);

    [LoggerMessage(3, LogLevel.Information, "Job {Job} is complete: {Accepted} photos, {Enrolled} enrolled")]
    public static partial void JobCompleted(ILogger logger, string job, long accepted, long enrolled);

    [LoggerMessage(4, LogLevel.Warning, "Outcome {Outcome} for item {Item} of job {Job}, which is not here; dropped")]
    public static partial void OutcomeOfUnknownItem(ILogger logger, string outcome, Guid item, string job);

    [LoggerMessage(5, LogLevel.Warning, "{Count} items had no outcome for long; their commands are published again")]
    public static partial void ItemsOverdue(ILogger logger, int count);

    [LoggerMessage(6, LogLevel.Information, "{Count} items were on the way when the process before this one ended; their commands are published again")]
    public static partial void ItemsResumed(ILogger logger, int count);

    [LoggerMessage(7, LogLevel.Error, "Looking for leftovers failed; tried again later")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Information, "{Count} photos that no item waited for were deleted")]
    public static partial void PhotosSwept(ILogger logger, int count);

    [LoggerMessage(9, LogLevel.Warning, "Photo of item {Item} could not be deleted; a later sweep does it")]
    public static partial void PhotoNotDeleted(ILogger logger, Guid item, Exception exception);

    [LoggerMessage(12, LogLevel.Information, "Job {Job} is paused")]
    public static partial void JobPaused(ILogger logger, string job);

    [LoggerMessage(13, LogLevel.Information, "Job {Job} goes on")]
    public static partial void JobResumed(ILogger logger, string job);

    [LoggerMessage(14, LogLevel.Information, "Job {Job} is cancelled; {Items} items had no outcome")]
    public static partial void JobCancelled(ILogger logger, string job, int items);

    [LoggerMessage(15, LogLevel.Information, "{Items} failed items of job {Job} are tried again")]
    public static partial void ItemsRetried(ILogger logger, string job, long items);

    [LoggerMessage(16, LogLevel.Information, "{Count} held items were sent on")]
    public static partial void HeldItemsReleased(ILogger logger, int count);

    [LoggerMessage(11, LogLevel.Debug, "Unfinished jobs could not be counted")]
    public static partial void JobsNotCounted(ILogger logger, Exception exception);

    [LoggerMessage(20, LogLevel.Warning, "A photo that came by the queue was refused: {Reason}")]
    public static partial void QueuedPhotoRefused(ILogger logger, string reason);

    [LoggerMessage(10, LogLevel.Error, "{Message} of item {Item} failed for good: {ExceptionType}: {Reason}")]
    public static partial void StepFailed(ILogger logger, string message, Guid item, string exceptionType, string reason);
}
