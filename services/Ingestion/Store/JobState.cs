namespace FaceCloud.Ingestion.Store;

/// <summary>The same words as the proto enum JobState.</summary>
public enum JobState
{
    /// <summary>Takes photos.</summary>
    Open = 1,

    /// <summary>Takes no more; items are on the way.</summary>
    Closed = 2,

    /// <summary>Every item has its outcome; nothing changes any more.</summary>
    Completed = 3,
}
