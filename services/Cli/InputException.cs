namespace FaceCloud.Cli;

/// <summary>Something that the user gave cannot be used; the message says what and what to do.</summary>
internal sealed class InputException(string reason, string message) : Exception(message)
{
    /// <summary>In capitals, as the server's reasons: USAGE, FILE_NOT_FOUND, ….</summary>
    public string Reason { get; } = reason;
}
