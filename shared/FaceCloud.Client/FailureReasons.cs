namespace FaceCloud.Client;

/// <summary>Reasons that the client itself gives; all others come from the server.</summary>
public static class FailureReasons
{
    /// <summary>Nothing that speaks gRPC answers at the address.</summary>
    public const string Unreachable = "UNREACHABLE";

    /// <summary>The server did not answer before the deadline.</summary>
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";

    /// <summary>A backup that ended before its end.</summary>
    public const string BackupDamaged = "BACKUP_DAMAGED";

    /// <summary>A photo that is larger than a message may be; not sent.</summary>
    public const string PhotoTooLarge = "PHOTO_TOO_LARGE";
}
