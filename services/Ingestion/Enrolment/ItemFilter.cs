using FaceCloud.Contracts;
using FaceCloud.Ingestion.Store;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>Which items of a job are wanted; what is null does not count.</summary>
public sealed record ItemFilter
{
    public static readonly ItemFilter All = new();

    public EnrolOutcome? Outcome { get; init; }

    /// <summary>True: with an outcome; false: on the way.</summary>
    public bool? IsFinished { get; init; }

    /// <summary>Wire name of a failure's reason.</summary>
    public string? ErrorReason { get; init; }

    public string? PersonId { get; init; }

    internal IQueryable<EnrolmentItem> Of(IQueryable<EnrolmentItem> items)
    {
        if (Outcome is { } outcome)
        {
            items = items.Where(item => item.Outcome == outcome);
        }

        if (IsFinished is { } finished)
        {
            items = items.Where(item => (item.Outcome != null) == finished);
        }

        if (ErrorReason is { } reason)
        {
            items = items.Where(item => item.ErrorReason == reason);
        }

        return PersonId is { } person ? items.Where(item => item.PersonId == person) : items;
    }
}
