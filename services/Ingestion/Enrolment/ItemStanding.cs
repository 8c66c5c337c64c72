namespace FaceCloud.Ingestion.Enrolment;

/// <summary>What a worker that holds an item's command is to do with it.</summary>
public enum ItemStanding
{
    /// <summary>Nothing: it has its outcome, is tried anew by another command, or is not there.</summary>
    Settled,

    /// <summary>Put it back: its job is paused, or one of a higher priority goes first.</summary>
    Waits,

    Ready,
}
