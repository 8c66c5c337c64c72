using FaceCloud.Contracts;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Store;
using FaceCloud.Protos.Ingestion.V1;
using Google.Protobuf.WellKnownTypes;
using GalleryV1 = FaceCloud.Protos.Gallery.V1;
using OnDuplicate = FaceCloud.Contracts.OnDuplicate;
using Priority = FaceCloud.Ingestion.Store.JobPriority;
using State = FaceCloud.Ingestion.Store.JobState;
using WireOnDuplicate = FaceCloud.Protos.Ingestion.V1.OnDuplicate;
using WirePriority = FaceCloud.Protos.Ingestion.V1.JobPriority;
using WireState = FaceCloud.Protos.Ingestion.V1.JobState;

namespace FaceCloud.Ingestion.Grpc;

/// <summary>Between the protos and the domain.</summary>
internal static class JobMapping
{
    public static NewPhoto ToNewPhoto(this UploadPhotoRequest request) => new()
    {
        JobId = RequestChecks.JobId(request.JobId),
        PersonId = RequestChecks.PersonId(request.PersonId),
        PersonName = RequestChecks.PersonName(request.PersonName),
        Source = RequestChecks.Source(request.Source),
        Bytes = request.Photo.Memory,
    };

    public static JobTerms ToTerms(this StartJobRequest request) => new()
    {
        GalleryId = RequestChecks.GalleryId(request.GalleryId),
        MinQuality = RequestChecks.MinQuality(request.HasMinQuality, request.MinQuality),
        MaxFaces = RequestChecks.MaxFaces(request.HasMaxFaces, request.MaxFaces),
        OnDuplicate = ToDomain(request.OnDuplicate),
        Priority = ToDomain(request.Priority),
    };

    public static ItemFilter ToFilter(this ListItemsRequest request) => new()
    {
        Outcome = ToDomain(request.Outcome),
        IsFinished = RequestChecks.Known("state", request.State) switch
        {
            ItemState.Accepted => false,
            ItemState.Finished => true,
            _ => null,
        },
        ErrorReason = request.ErrorReason.Length > 0 ? request.ErrorReason : null,
        PersonId = request.PersonId.Length > 0 ? request.PersonId : null,
    };

    public static Reports.ReportFormat ToDomain(ReportFormat format) =>
        RequestChecks.Known("format", format) == ReportFormat.Json ? Reports.ReportFormat.Json : Reports.ReportFormat.Csv;

    public static Job ToProto(this EnrolmentJob job, DateTimeOffset now)
    {
        var proto = new Job
        {
            JobId = job.JobId,
            GalleryId = job.GalleryId,
            State = job.State switch
            {
                State.Open => WireState.Open,
                State.Closed => WireState.Closed,
                State.Completed => WireState.Completed,
                State.Cancelled => WireState.Cancelled,
                _ => throw new ArgumentOutOfRangeException(nameof(job), job.State, "A job state without a proto."),
            },
            Counts = new JobCounts
            {
                Accepted = job.Accepted,
                Pending = job.Pending,
                Enrolled = job.Enrolled,
                Duplicate = job.Duplicate,
                RejectedQuality = job.RejectedQuality,
                NoFace = job.NoFace,
                Failed = job.Failed,
                Cancelled = job.Cancelled,
                Reasons = { job.Reasons.ToDictionary() },
            },
            CreatedAt = job.CreatedAt.ToTimestamp(),
            UpdatedAt = job.UpdatedAt.ToTimestamp(),
            ItemsPerSecond = job.ItemsPerSecond(now),
            Paused = job.IsPaused,
            RecentItemsPerSecond = job.RecentItemsPerSecond(now),
            Remaining = job.RemainingTime(now)?.ToDuration(),
            OnDuplicate = (WireOnDuplicate)job.OnDuplicate,
            Priority = (WirePriority)job.Priority,
            MaxFaces = job.MaxFaces,
        };
        if (job.MinQuality is { } quality)
        {
            proto.MinQuality = quality;
        }

        return proto;
    }

    public static Item ToProto(this EnrolmentItem item) => new()
    {
        ItemId = item.ItemId.ToString(),
        JobId = item.JobId,
        PersonId = item.PersonId,
        Source = item.Source,
        State = item.Outcome is null ? ItemState.Accepted : ItemState.Finished,
        Outcome = item.Outcome is { } outcome ? ToProto(outcome) : GalleryV1.EnrolOutcome.Unspecified,
        Reasons = { item.Reasons.Select(ToProto) },
        ErrorReason = item.ErrorReason ?? "",
        Message = item.Message ?? "",
        FaceId = item.FaceId?.ToString() ?? "",
        CreatedAt = item.CreatedAt.ToTimestamp(),
        FinishedAt = item.FinishedAt?.ToTimestamp(),
        Attempt = item.Attempt,
        Held = item.IsHeld,
    };

    public static EnrolOutcome? ToDomain(GalleryV1.EnrolOutcome outcome) => outcome switch
    {
        GalleryV1.EnrolOutcome.Unspecified => null,
        GalleryV1.EnrolOutcome.Enrolled => EnrolOutcome.Enrolled,
        GalleryV1.EnrolOutcome.Duplicate => EnrolOutcome.Duplicate,
        GalleryV1.EnrolOutcome.RejectedQuality => EnrolOutcome.RejectedQuality,
        GalleryV1.EnrolOutcome.NoFace => EnrolOutcome.NoFace,
        GalleryV1.EnrolOutcome.Failed => EnrolOutcome.Failed,
        GalleryV1.EnrolOutcome.Cancelled => EnrolOutcome.Cancelled,
        _ => throw new Contracts.Failures.FailureException(
            Contracts.Failures.FailureReason.InvalidArgument, $"outcome {(int)outcome} is not one of EnrolOutcome."),
    };

    public static GalleryV1.EnrolOutcome ToProto(EnrolOutcome outcome) => outcome switch
    {
        EnrolOutcome.Enrolled => GalleryV1.EnrolOutcome.Enrolled,
        EnrolOutcome.Duplicate => GalleryV1.EnrolOutcome.Duplicate,
        EnrolOutcome.RejectedQuality => GalleryV1.EnrolOutcome.RejectedQuality,
        EnrolOutcome.NoFace => GalleryV1.EnrolOutcome.NoFace,
        EnrolOutcome.Failed => GalleryV1.EnrolOutcome.Failed,
        EnrolOutcome.Cancelled => GalleryV1.EnrolOutcome.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "An outcome without a proto."),
    };

    public static GalleryV1.QualityReason ToProto(QualityReason reason) => reason switch
    {
        QualityReason.NoFace => GalleryV1.QualityReason.NoFace,
        QualityReason.SmallBoundingBox => GalleryV1.QualityReason.SmallBoundingBox,
        QualityReason.LowSharpness => GalleryV1.QualityReason.LowSharpness,
        QualityReason.LowBrightness => GalleryV1.QualityReason.LowBrightness,
        QualityReason.ExtremePose => GalleryV1.QualityReason.ExtremePose,
        QualityReason.LowConfidence => GalleryV1.QualityReason.LowConfidence,
        QualityReason.ExceedsMaxFaces => GalleryV1.QualityReason.ExceedsMaxFaces,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A quality reason without a proto."),
    };

    // The numbers are the same; a test sees to it.
    private static OnDuplicate ToDomain(WireOnDuplicate onDuplicate) => RequestChecks.Known("on_duplicate", onDuplicate) == WireOnDuplicate.Unspecified
        ? OnDuplicate.Enrol
        : (OnDuplicate)onDuplicate;

    private static Priority ToDomain(WirePriority priority) => RequestChecks.Known("priority", priority) == WirePriority.Unspecified
        ? Priority.Normal
        : (Priority)priority;
}
