using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>Writes outcomes down: the first one of an item counts, its photo is deleted after, unless a retry may want it.</summary>
public sealed class OutcomeBook(IngestionStore store, IPhotoStore photos, TimeProvider time, ILogger<OutcomeBook> logger)
{
    /// <summary>Books the outcomes, in one transaction a job. Safe to repeat.</summary>
    public async Task BookAsync(IReadOnlyCollection<EnrolmentOutcome> outcomes, CancellationToken cancellationToken)
    {
        // In order of their ids, like everybody who locks more than one job.
        var jobs = outcomes
            .GroupBy(outcome => (outcome.Target.TenantId, outcome.Target.JobId))
            .OrderBy(group => group.Key);
        foreach (var group in jobs)
        {
            await BookAsync(group.Key.TenantId, group.Key.JobId, [.. group], cancellationToken);
        }
    }

    private async Task BookAsync(string tenantId, string jobId, IReadOnlyList<EnrolmentOutcome> outcomes, CancellationToken cancellationToken)
    {
        var (job, booked, known) = await store.WriteAsync(
            async context =>
            {
                var locked = await context.LockJobAsync(tenantId, jobId, cancellationToken);
                var items = await context.FindItemsAsync(tenantId, jobId, outcomes.Select(outcome => outcome.Target.ItemId), cancellationToken);
                var finished = new List<EnrolmentItem>();
                var now = time.GetStoreNow();
                foreach (var outcome in outcomes)
                {
                    if (items.TryGetValue(outcome.Target.ItemId, out var item) && item.Finish(outcome, now))
                    {
                        locked!.CountOutcome(item, now);
                        finished.Add(item);
                    }
                }

                return (locked, finished, items);
            },
            cancellationToken);

        foreach (var stranger in outcomes.Where(outcome => !known.ContainsKey(outcome.Target.ItemId)))
        {
            Log.OutcomeOfUnknownItem(logger, stranger.Outcome.ToString(), stranger.Target.ItemId, jobId);
        }

        foreach (var item in booked)
        {
            Telemetry.CountOutcome(item.Outcome!.Value, item.ReasonWords());
        }

        // Also those booked by an earlier try that ended before this line.
        foreach (var item in known.Values.Where(item => !item.KeepsPhoto))
        {
            await DeletePhotoAsync(item.ItemId, cancellationToken);
        }

        if (job is { State: JobState.Completed } && booked.Count > 0)
        {
            Log.JobCompleted(logger, jobId, job.Accepted, job.Enrolled);
        }
    }

    private async Task DeletePhotoAsync(Guid itemId, CancellationToken cancellationToken)
    {
        try
        {
            await photos.DeleteAsync(PhotoKeys.Of(itemId), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FailureException)
        {
            // The outcome stands; PhotoSweeper deletes what is left.
            Log.PhotoNotDeleted(logger, itemId, exception);
        }
    }
}
