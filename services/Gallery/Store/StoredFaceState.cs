namespace FaceCloud.Gallery.Store;

public enum StoredFaceState
{
    /// <summary>Stored now.</summary>
    Added,

    /// <summary>Stored before by the same bulk item: a redelivered message.</summary>
    AddedBefore,

    /// <summary>Stored before by another item or call.</summary>
    Duplicate,

    /// <summary>Not stored: the person has faces of others, and the job says to leave such persons as they are.</summary>
    Skipped,

    Refused,
}
