using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;
using FaceCloud.Vision;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>Bulk enrolment jobs: opened, filled with photos, closed, watched.</summary>
public sealed class EnrolmentJobs(
    IngestionStore store,
    IPhotoStore photos,
    ItemBook book,
    CropCommands commands,
    IntakeGate gate,
    IOptions<IngestionOptions> options,
    IOptions<VisionOptions> vision,
    TimeProvider time,
    ILogger<EnrolmentJobs> logger)
{
    /// <summary>Opens a job, or answers the one that has this id and these options.</summary>
    /// <exception cref="FailureException">JobExists: the id is taken by a job with other options.</exception>
    public async Task<EnrolmentJob> StartAsync(string tenantId, string jobId, JobTerms terms, CancellationToken cancellationToken)
    {
        var now = time.GetStoreNow();
        var job = new EnrolmentJob
        {
            TenantId = tenantId,
            JobId = jobId,
            GalleryId = terms.GalleryId,
            MinQuality = terms.MinQuality,
            MaxFaces = terms.MaxFaces,
            OnDuplicate = terms.OnDuplicate,
            Priority = terms.Priority,
            CreatedAt = now,
            UpdatedAt = now,
        };

        var known = await FindAsync(tenantId, jobId, cancellationToken);
        if (known is null)
        {
            try
            {
                await store.WriteAsync(context => Task.FromResult(context.Jobs.Add(job)), cancellationToken);
                Log.JobOpened(logger, jobId, terms.GalleryId);
                return job;
            }
            catch (DbUpdateException)
            {
                // Somebody opened it in between, or the insert failed for a reason of its own.
                known = await FindAsync(tenantId, jobId, cancellationToken);
                if (known is null)
                {
                    throw;
                }
            }
        }

        return JobTerms.Of(known) == terms
            ? known
            : throw new FailureException(FailureReason.JobExists, $"Job '{jobId}' exists with other options; choose another job_id.");
    }

    /// <summary>
    /// Takes a photo into a job. When this returns the photo is stored and its command is confirmed by the broker, or held in the store.
    /// The same photo of the same person is the same item.
    /// </summary>
    /// <exception cref="FailureException">PhotoEmpty, PhotoTooLarge, JobNotFound, JobClosed, IntakeFull, PhotoStoreFull, StoreUnavailable, BrokerUnavailable.</exception>
    public async Task<EnrolmentItem> AcceptAsync(string tenantId, NewPhoto photo, CancellationToken cancellationToken)
    {
        CheckSize(photo.Bytes);
        var started = time.GetTimestamp();
        using var activity = Telemetry.Source.StartActivity(Telemetry.UploadSpan);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(photo.Bytes.Span));
        var itemId = FaceIds.Item(tenantId, photo.JobId, photo.PersonId, sha256);
        activity?.SetTag(Telemetry.JobTag, photo.JobId).SetTag(Telemetry.ItemTag, itemId).SetTag(Telemetry.BytesTag, photo.Bytes.Length);

        var (job, item) = await book.FindAsync(tenantId, photo.JobId, itemId, cancellationToken);
        if (item?.Outcome is not null)
        {
            return item;
        }

        if (item is null && job is not { State: JobState.Open })
        {
            throw Refused(job, photo.JobId);
        }

        if (item is null)
        {
            await gate.EnterAsync(cancellationToken);
        }

        // Stored before it is booked: whatever is booked can be worked on. A crash in between leaves a photo for the sweep.
        var key = PhotoKeys.Of(itemId);
        await photos.SaveAsync(key, photo.Bytes, cancellationToken);
        (job, item, var isNew) = await book.BookAsync(tenantId, photo, itemId, sha256, cancellationToken);
        if (item is null or { KeepsPhoto: false })
        {
            await photos.DeleteAsync(key, CancellationToken.None);
            return item ?? throw Refused(job, photo.JobId);
        }

        // Booked, so it will have its outcome; a held one goes on when its job does.
        if (item is { Outcome: null, IsHeld: false })
        {
            await commands.PublishAsync(job!, item, cancellationToken);
        }

        if (isNew)
        {
            Telemetry.CountAccepted();
            Telemetry.RecordStage("accept", time.GetElapsedTime(started));
        }

        return item;
    }

    /// <summary>Takes no more photos; the job is completed once every item has its outcome.</summary>
    /// <exception cref="FailureException">JobNotFound.</exception>
    public async Task<EnrolmentJob> CloseAsync(string tenantId, string jobId, CancellationToken cancellationToken)
    {
        var (job, changed) = await store.WriteAsync(
            async context =>
            {
                var locked = await context.LockJobAsync(tenantId, jobId, cancellationToken) ?? throw JobFailures.NotFound(jobId);
                return (locked, locked.Close(time.GetStoreNow()));
            },
            cancellationToken);
        if (changed)
        {
            Log.JobClosed(logger, jobId);
            if (job.State == JobState.Completed)
            {
                Log.JobCompleted(logger, jobId, job.Accepted, job.Enrolled);
            }
        }

        return job;
    }

    /// <summary>Null: there is none.</summary>
    public Task<EnrolmentJob?> FindAsync(string tenantId, string jobId, CancellationToken cancellationToken) =>
        store.ReadAsync(
            context => context.Jobs.SingleOrDefaultAsync(job => job.TenantId == tenantId && job.JobId == jobId, cancellationToken),
            cancellationToken);

    /// <exception cref="FailureException">JobNotFound.</exception>
    public async Task<EnrolmentJob> GetAsync(string tenantId, string jobId, CancellationToken cancellationToken) =>
        await FindAsync(tenantId, jobId, cancellationToken) ?? throw JobFailures.NotFound(jobId);

    /// <summary>Newest first, those after the given one.</summary>
    public Task<List<EnrolmentJob>> ListAsync(
        string tenantId, (DateTimeOffset CreatedAt, string JobId)? after, int count, CancellationToken cancellationToken) =>
        store.ReadAsync(
            context =>
            {
                var jobs = context.Jobs.Where(job => job.TenantId == tenantId);
                if (after is var (createdAt, jobId))
                {
                    jobs = jobs.Where(job => job.CreatedAt < createdAt
                        || (job.CreatedAt == createdAt && string.Compare(job.JobId, jobId) < 0));
                }

                return jobs.OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.JobId).Take(count).ToListAsync(cancellationToken);
            },
            cancellationToken);

    /// <summary>By item id, those after the given one.</summary>
    /// <exception cref="FailureException">JobNotFound.</exception>
    public async Task<List<EnrolmentItem>> ListItemsAsync(
        string tenantId, string jobId, ItemFilter filter, Guid? after, int count, CancellationToken cancellationToken)
    {
        _ = await GetAsync(tenantId, jobId, cancellationToken);
        return await store.ReadAsync(
            context =>
            {
                var items = filter.Of(context.Items.Where(item => item.TenantId == tenantId && item.JobId == jobId));
                if (after is { } last)
                {
                    items = items.Where(item => item.ItemId.CompareTo(last) > 0);
                }

                return items.OrderBy(item => item.ItemId).Take(count).ToListAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>The job now and at every change, at most one in <see cref="IngestionOptions.WatchInterval"/>; ends with the job.</summary>
    /// <exception cref="FailureException">JobNotFound.</exception>
    public async IAsyncEnumerable<EnrolmentJob> WatchAsync(
        string tenantId, string jobId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = 0L;
        while (true)
        {
            // Outcomes are booked by any process of the service, so the store is asked, by its primary key.
            var job = await GetAsync(tenantId, jobId, cancellationToken);
            if (job.Version != seen)
            {
                seen = job.Version;
                yield return job;
            }

            if (job.HasEnded)
            {
                yield break;
            }

            await Task.Delay(options.Value.WatchInterval, time, cancellationToken);
        }
    }

    private static FailureException Refused(EnrolmentJob? job, string jobId) => job is null ? JobFailures.NotFound(jobId) : JobFailures.Closed(jobId);

    private void CheckSize(ReadOnlyMemory<byte> photo)
    {
        if (photo.IsEmpty)
        {
            throw new FailureException(FailureReason.PhotoEmpty, "There is no photo in the request, or it has no bytes.");
        }

        if (photo.Length > vision.Value.MaxPhotoBytes)
        {
            throw new FailureException(
                FailureReason.PhotoTooLarge, $"The photo has {photo.Length} bytes; at most {vision.Value.MaxPhotoBytes} are taken. Send a smaller one.");
        }
    }
}
