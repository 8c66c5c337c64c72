using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Grpc;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>Photos that come by the queue: checked like a request, taken into a job like an upload.</summary>
public sealed class QueuedPhotos(EnrolmentJobs jobs, ImportFolder folder, IOptions<IngestionOptions> options, TimeProvider time)
{
    private const int MaxEcho = 1024;

    /// <summary>
    /// Takes the photo into its job. Answers the outcome when the item has one already: whoever sends a photo twice is told twice.
    /// Null: it is on the way now.
    /// </summary>
    /// <exception cref="FailureException">All of <see cref="EnrolmentJobs.AcceptAsync"/> and of the fields; JobNotFound.</exception>
    public async Task<EnrolmentOutcome?> AcceptAsync(string tenantId, EnrollPhoto message, CancellationToken cancellationToken)
    {
        if (message.Version != EnrollPhoto.CurrentVersion)
        {
            throw new FailureException(
                FailureReason.MessageUnsupported, $"This server knows version {EnrollPhoto.CurrentVersion} of EnrollPhoto, not {message.Version}.");
        }

        var galleryId = RequestChecks.GalleryId(message.GalleryId ?? "");
        var source = RequestChecks.Source(message.Source ?? "");
        var (personId, personName) = (RequestChecks.PersonId(message.PersonId ?? ""), RequestChecks.PersonName(message.PersonName ?? ""));
        var bytes = await ReadAsync(message, cancellationToken);
        var job = await JobAsync(tenantId, galleryId, message.JobId, cancellationToken);
        var item = await jobs.AcceptAsync(
            tenantId,
            new NewPhoto { JobId = job.JobId, PersonId = personId, PersonName = personName, Source = source, Bytes = bytes },
            cancellationToken);
        return item.Outcome is { } outcome
            ? new EnrolmentOutcome
            {
                // In the words of whoever asks now.
                Target = CropCommands.Target(job, item) with { Source = source },
                Outcome = outcome,
                FaceId = item.FaceId,
                Reasons = item.Reasons,
                ErrorReason = item.ErrorReason,
                Message = item.Message,
            }
            : null;
    }

    /// <summary>The answer to a photo that cannot become an item: it repeats what was sent, as far as that can be repeated, and has no item id.</summary>
    public EnrolmentOutcome Refusal(string tenantId, EnrollPhoto message, FailureException failure) => new()
    {
        Target = new EnrolmentTarget
        {
            TenantId = tenantId,
            JobId = Echo(message.JobId),
            ItemId = Guid.Empty,
            GalleryId = Echo(message.GalleryId),
            PersonId = Echo(message.PersonId),
            PhotoSha256 = "",
            AcceptedAt = time.GetStoreNow(),
            Source = Echo(message.Source),
        },
        Outcome = EnrolOutcome.Failed,
        ErrorReason = failure.Reason.ToWire(),
        Message = failure.Message,
    };

    private static string Echo(string? text) => text is null ? "" : text.Length <= MaxEcho ? text : text[..MaxEcho];

    private async Task<EnrolmentJob> JobAsync(string tenantId, string galleryId, string? jobId, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(jobId))
        {
            // Whoever wants a quality gate of its own for it opens it first.
            var standing = StandingJob.IdOf(galleryId);
            return await jobs.FindAsync(tenantId, standing, cancellationToken)
                ?? await jobs.StartAsync(tenantId, standing, new JobTerms { GalleryId = galleryId }, cancellationToken);
        }

        var job = await jobs.GetAsync(tenantId, RequestChecks.JobId(jobId), cancellationToken);
        return job.GalleryId == galleryId
            ? job
            : throw new FailureException(FailureReason.InvalidArgument, $"Job '{jobId}' is one of gallery '{job.GalleryId}', not of '{galleryId}'.");
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(EnrollPhoto message, CancellationToken cancellationToken)
    {
        var limit = options.Value.InlinePhotoBytes;
        return (message.PhotoPath, message.Photo) switch
        {
            ({ Length: > 0 }, { Length: > 0 }) =>
                throw new FailureException(FailureReason.InvalidArgument, "Give photo_path or photo, not both."),
            ({ Length: > 0 } path, _) => await folder.ReadAsync(path, cancellationToken),
            (_, { Length: > 0 } photo) when photo.Length <= limit => photo,
            (_, { Length: > 0 } photo) => throw new FailureException(
                FailureReason.PhotoTooLarge, $"The photo has {photo.Length} bytes; in a message at most {limit} are taken. Send a smaller one, its path, or call UploadPhoto."),
            _ => throw new FailureException(FailureReason.PhotoEmpty, "There is neither photo_path nor photo in the message."),
        };
    }
}
