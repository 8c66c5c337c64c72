namespace FaceCloud.Ingestion.Store;

/// <summary>The same words as the proto enum JobState.</summary>
public enum JobState
{
    /// <summary>Takes photos.</summary>
    Open = 1,

    /// <summary>Takes no more; items are on the way.</summary>
    Closed = 2,

    /// <summary>Every item has its outcome; only a retry of failed items changes anything.</summary>
    Completed = 3,

    /// <summary>Ended by somebody: what had no outcome then is CANCELLED; nothing changes any more.</summary>
    Cancelled = 4,
}
