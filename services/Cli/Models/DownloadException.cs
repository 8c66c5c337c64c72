namespace FaceCloud.Cli.Models;

/// <summary>A download that came to nothing; the message says why, and whether going on later makes sense.</summary>
internal sealed class DownloadException(ExitCode exitCode, string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public ExitCode ExitCode { get; } = exitCode;

    public string Reason { get; } = reason;

    /// <summary>The connection broke: another try may go on from there.</summary>
    public bool IsInterruption { get; init; }
}
