using FaceCloud.Contracts.Failures;

namespace FaceCloud.Ingestion.Photos;

/// <summary>A full disk is its own failure: it heals when photos have got their outcomes, and the client can wait for that.</summary>
public static class DiskSpace
{
    private const int NoSpace = 28;
    private const int Quota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the write failed for want of room.</summary>
    public static bool IsFull(IOException exception) =>
        exception.HResult == WindowsDiskFull || (!OperatingSystem.IsWindows() && exception.HResult is NoSpace or Quota);

    /// <summary>Leaves the last bytes of the disk to others, such as the database.</summary>
    /// <exception cref="FailureException">PhotoStoreFull.</exception>
    public static void Require(string folder, int reserveMegabytes)
    {
        if (reserveMegabytes > 0 && new DriveInfo(folder).AvailableFreeSpace >> 20 < reserveMegabytes)
        {
            throw Full(null);
        }
    }

    public static FailureException Full(IOException? exception)
    {
        const string message = "The photo store has no room; send the photo again once others have got their outcomes.";
        return exception is null ? new(FailureReason.PhotoStoreFull, message) : new(FailureReason.PhotoStoreFull, message, exception);
    }
}
