using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Store;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>Why something cannot be done with a job, in words for the caller.</summary>
internal static class JobFailures
{
    public static FailureException NotFound(string jobId) =>
        new(FailureReason.JobNotFound, $"There is no job '{jobId}'; open it with StartJob.");

    public static FailureException Closed(string jobId) =>
        new(FailureReason.JobClosed, $"Job '{jobId}' takes no more photos; start another one.");

    public static FailureException Ended(EnrolmentJob job) =>
        new(FailureReason.JobEnded, $"Job '{job.JobId}' is {(job.State == JobState.Cancelled ? "cancelled" : "completed")}; start another one.");
}
