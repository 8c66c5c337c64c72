using FaceCloud.Contracts.Failures;

namespace FaceCloud.Ingestion.References;

/// <summary>Why a referenced photo is not taken. A message names no more of this server than the caller knows.</summary>
internal static class ReferenceFailures
{
    public static FailureException Off(string kind, string setting) =>
        new(FailureReason.ReferenceNotAllowed, $"This server reads no photos by {kind}; its operator allows it with {setting}.");

    public static FailureException NotAllowed(string message) => new(FailureReason.ReferenceNotAllowed, message);

    public static FailureException NotFound(string message) => new(FailureReason.PhotoNotFound, message);

    public static FailureException Unreadable(string message, Exception? inner = null) => inner is null
        ? new(FailureReason.ReferenceUnreadable, message)
        : new(FailureReason.ReferenceUnreadable, message, inner);

    public static FailureException TooLarge(long most) =>
        new(FailureReason.PhotoTooLarge, $"The referenced photo has more than {most} bytes. Make it smaller.");
}
