using FaceCloud.Contracts;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Store;
using FaceCloud.Protos.Ingestion.V1;
using Google.Protobuf.WellKnownTypes;
using GalleryV1 = FaceCloud.Protos.Gallery.V1;
using State = FaceCloud.Ingestion.Store.JobState;
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

    public static Job ToProto(this EnrolmentJob job, DateTimeOffset now) => new()
    {
        JobId = job.JobId,
        GalleryId = job.GalleryId,
        State = job.State switch
        {
            State.Open => WireState.Open,
            State.Closed => WireState.Closed,
            State.Completed => WireState.Completed,
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
            Reasons = { job.Reasons.ToDictionary() },
        },
        CreatedAt = job.CreatedAt.ToTimestamp(),
        UpdatedAt = job.UpdatedAt.ToTimestamp(),
        ItemsPerSecond = job.ItemsPerSecond(now),
    };

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
    };

    public static EnrolOutcome? ToDomain(GalleryV1.EnrolOutcome outcome) => outcome switch
    {
        GalleryV1.EnrolOutcome.Unspecified => null,
        GalleryV1.EnrolOutcome.Enrolled => EnrolOutcome.Enrolled,
        GalleryV1.EnrolOutcome.Duplicate => EnrolOutcome.Duplicate,
        GalleryV1.EnrolOutcome.RejectedQuality => EnrolOutcome.RejectedQuality,
        GalleryV1.EnrolOutcome.NoFace => EnrolOutcome.NoFace,
        GalleryV1.EnrolOutcome.Failed => EnrolOutcome.Failed,
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
}
