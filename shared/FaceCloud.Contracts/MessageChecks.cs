using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.Contracts;

/// <summary>
/// What a message must have before it is worked on together with others: anyone may publish, and one that breaks a batch would
/// take the batch with it. What these refuse is dead-lettered with the sentence; what they let through ends in an outcome.
/// </summary>
public static class MessageChecks
{
    private const int MaxTenantLength = 64;
    private const int MaxReasonLength = 64;

    /// <summary>The message names an item that an outcome can be booked on.</summary>
    /// <exception cref="FailureException">InvalidArgument.</exception>
    public static void Target(EnrolmentTarget? target)
    {
        Require(target is not null, "target");
        Require(target!.TenantId is { Length: > 0 and <= MaxTenantLength } && IsStorable(target.TenantId), "target.tenantId");
        Require(target.JobId is not null && Ids.IsJob(target.JobId), "target.jobId");
        Require(target.ItemId != Guid.Empty, "target.itemId");
    }

    /// <exception cref="FailureException">InvalidArgument.</exception>
    public static void Outcome(EnrolmentOutcome outcome)
    {
        Require(outcome.Target is not null, "target");
        // A refusal has no item; it is for whoever sent the photo, and nothing is booked.
        if (outcome.Target!.ItemId != Guid.Empty)
        {
            Target(outcome.Target);
        }

        Require(Enum.IsDefined(outcome.Outcome), "outcome");
        Require(outcome.Reasons is not null && outcome.Reasons.All(Enum.IsDefined), "reasons");
        Require(outcome.ErrorReason is null || (outcome.ErrorReason.Length <= MaxReasonLength && IsStorable(outcome.ErrorReason)), "errorReason");
        Require(outcome.Message is null || IsStorable(outcome.Message), "message");
    }

    // PostgreSQL takes no NUL in a text.
    private static bool IsStorable(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static void Require(bool holds, string field)
    {
        if (!holds)
        {
            throw new FailureException(FailureReason.InvalidArgument, $"The message's {field} is missing or wrong.");
        }
    }
}
