using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using FaceCloud.Contracts.Failures;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>Jobs in memory; a photo's outcome follows from what it shows and is known at once, and so is the person in the gallery.</summary>
internal sealed class FakeIngestion(FakeGallery gallery) : IngestionService.IngestionServiceBase
{
    private static readonly Timestamp Now = new() { Seconds = 1_750_000_000 };

    private readonly ConcurrentDictionary<string, FakeJob> _jobs = new();
    private int _breaks;
    private int _lateOutages;

    public StartJobRequest? LastStart { get; private set; }

    /// <summary>Photos of the first upload of each batch, in order of arrival.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    /// <summary>Names of persons, with each photo.</summary>
    public ConcurrentQueue<string> Names { get; } = new();

    public ConcurrentQueue<PhotoReference> References { get; } = new();

    /// <summary>Photos in each stream.</summary>
    public ConcurrentQueue<int> Streams { get; } = new();

    /// <summary>The next watches break after their first message.</summary>
    public void BreakWatches(int times) => _breaks = times;

    /// <summary>The next uploads take their photos and break before they answer.</summary>
    public void BreakUploads(int times) => _lateOutages = times;

    public override Task<Job> StartJob(StartJobRequest request, ServerCallContext context)
    {
        LastStart = request;
        var id = request.JobId.Length > 0 ? request.JobId : $"job-{_jobs.Count + 1}";
        return Task.FromResult(_jobs.GetOrAdd(id, _ => new FakeJob(id, request.GalleryId)).Snapshot());
    }

    public override async Task<UploadResponse> Upload(IAsyncStreamReader<UploadPhotoRequest> requestStream, ServerCallContext context)
    {
        var response = new UploadResponse();
        var position = 0;
        await foreach (var photo in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var job = Find(photo.JobId);
            if (job.IsClosed)
            {
                throw new FailureException(FailureReason.JobClosed, $"Job '{photo.JobId}' is closed; start another.");
            }

            Received.Enqueue(photo.Source);
            Names.Enqueue(photo.PersonName);
            if (photo.Reference is not null)
            {
                References.Enqueue(photo.Reference);
            }

            if (photo.PersonId.Length is 0 or > 128)
            {
                response.Refused.Add(new RefusedPhoto { Position = position, Source = photo.Source, Reason = "INVALID_ID", Message = "person_id must be 1 to 128 printable characters." });
                response.RefusedCount++;
            }
            else
            {
                var item = job.Items[(photo.PersonId, photo.Source)] = Item(photo);
                if (item.Outcome == EnrolOutcome.Enrolled)
                {
                    gallery.Enrol(job.GalleryId, photo.PersonId);
                }

                response.Accepted++;
            }

            position++;
        }

        Streams.Enqueue(position);
        return Interlocked.Decrement(ref _lateOutages) >= 0
            ? throw new RpcException(new Status(StatusCode.Unavailable, "Gone."))
            : response;
    }

    public override Task<Job> CloseJob(CloseJobRequest request, ServerCallContext context)
    {
        var job = Find(request.JobId);
        job.IsClosed = true;
        job.Closed.TrySetResult();
        return Task.FromResult(job.Snapshot());
    }

    public override Task<Job> PauseJob(PauseJobRequest request, ServerCallContext context) => SetPausedAsync(request.JobId, true);

    public override Task<Job> ResumeJob(ResumeJobRequest request, ServerCallContext context) => SetPausedAsync(request.JobId, false);

    public override Task<Job> CancelJob(CancelJobRequest request, ServerCallContext context)
    {
        var job = Find(request.JobId);
        (job.IsCancelled, job.IsPaused) = (true, false);
        job.Closed.TrySetResult();
        return Task.FromResult(job.Snapshot());
    }

    /// <summary>Every failed item is enrolled this time.</summary>
    public override Task<RetryItemsResponse> RetryItems(RetryItemsRequest request, ServerCallContext context)
    {
        var job = Find(request.JobId);
        var failed = job.Items.Values
            .Where(item => item.Outcome == EnrolOutcome.Failed && (request.ItemIds.Count == 0 || request.ItemIds.Contains(item.ItemId)))
            .ToList();
        failed.ForEach(item => (item.Outcome, item.ErrorReason, item.Attempt) = (EnrolOutcome.Enrolled, "", item.Attempt + 1));
        return Task.FromResult(new RetryItemsResponse { Job = job.Snapshot(), Retried = failed.Count });
    }

    public override async Task DownloadReport(DownloadReportRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        _ = Find(request.JobId);
        foreach (var piece in new[] { $"{request.Format} of ", request.JobId })
        {
            await responseStream.WriteAsync(new HttpBody { Data = ByteString.CopyFromUtf8(piece) }, context.CancellationToken);
        }
    }

    public override Task<Job> GetJob(GetJobRequest request, ServerCallContext context) => Task.FromResult(Find(request.JobId).Snapshot());

    public override Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context)
    {
        var start = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken, CultureInfo.InvariantCulture);
        var rest = _jobs.Values.OrderByDescending(job => job.Id, StringComparer.Ordinal).Skip(start).Select(job => job.Snapshot()).ToList();
        return Task.FromResult(new ListJobsResponse
        {
            Jobs = { rest.Take(request.PageSize) },
            NextPageToken = rest.Count > request.PageSize ? $"{start + request.PageSize}" : "",
        });
    }

    public override async Task WatchJob(WatchJobRequest request, IServerStreamWriter<Job> responseStream, ServerCallContext context)
    {
        var job = Find(request.JobId);
        await responseStream.WriteAsync(job.Snapshot(), context.CancellationToken);
        if (Interlocked.Decrement(ref _breaks) >= 0)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "Gone."));
        }

        await job.Closed.Task.WaitAsync(context.CancellationToken);
        await responseStream.WriteAsync(job.Snapshot(), context.CancellationToken);
    }

    public override Task<ListItemsResponse> ListItems(ListItemsRequest request, ServerCallContext context)
    {
        var start = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken, CultureInfo.InvariantCulture);
        var rest = Find(request.JobId).Items.Values
            .Where(item => request.Outcome == EnrolOutcome.Unspecified || item.Outcome == request.Outcome)
            .Where(item => request.State == ItemState.Unspecified || item.State == request.State)
            .Where(item => request.ErrorReason.Length == 0 || item.ErrorReason == request.ErrorReason)
            .Where(item => request.PersonId.Length == 0 || item.PersonId == request.PersonId)
            .OrderBy(item => item.ItemId, StringComparer.Ordinal)
            .Skip(start)
            .ToList();
        return Task.FromResult(new ListItemsResponse
        {
            Items = { rest.Take(request.PageSize) },
            NextPageToken = rest.Count > request.PageSize ? $"{start + request.PageSize}" : "",
        });
    }

    private static Item Item(UploadPhotoRequest photo)
    {
        var item = new Item
        {
            ItemId = $"{photo.PersonId}/{photo.Source}",
            JobId = photo.JobId,
            PersonId = photo.PersonId,
            Source = photo.Source,
            State = ItemState.Finished,
            CreatedAt = Now,
            FinishedAt = Now,
        };
        try
        {
            item.Outcome = (photo.Reference is null ? FakePhoto.Faces(photo.Photo) : [photo.PersonId]) switch
            {
                [] => EnrolOutcome.NoFace,
                [FakePhoto.Blurry, ..] => EnrolOutcome.RejectedQuality,
                _ => EnrolOutcome.Enrolled,
            };
            if (item.Outcome == EnrolOutcome.RejectedQuality)
            {
                item.Reasons.Add(QualityReason.LowSharpness);
            }
        }
        catch (FailureException failure)
        {
            item.Outcome = EnrolOutcome.Failed;
            item.ErrorReason = failure.Reason.ToWire();
            item.Message = failure.Message;
        }

        return item;
    }

    private Task<Job> SetPausedAsync(string jobId, bool isPaused)
    {
        var job = Find(jobId);
        if (job.IsClosed || job.IsCancelled)
        {
            throw new FailureException(FailureReason.JobEnded, $"Job '{jobId}' is completed; start another one.");
        }

        job.IsPaused = isPaused;
        return Task.FromResult(job.Snapshot());
    }

    private FakeJob Find(string jobId) => _jobs.GetValueOrDefault(jobId)
        ?? throw new FailureException(FailureReason.JobNotFound, $"There is no job '{jobId}'.");

    private sealed class FakeJob(string id, string galleryId)
    {
        public string Id { get; } = id;

        public string GalleryId { get; } = galleryId;

        public bool IsClosed { get; set; }

        public bool IsPaused { get; set; }

        public bool IsCancelled { get; set; }

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentDictionary<(string Person, string Source), Item> Items { get; } = new();

        private static IEnumerable<string> Reasons(IEnumerable<Item> items) => items.SelectMany(item =>
            item.Reasons.Select(reason => JsonNamingPolicy.SnakeCaseUpper.ConvertName(reason.ToString())).Concat(item.ErrorReason.Length > 0 ? [item.ErrorReason] : []));

        public Job Snapshot()
        {
            var items = Items.Values.ToList();
            return new Job
            {
                JobId = Id,
                GalleryId = GalleryId,
                State = IsCancelled ? JobState.Cancelled : IsClosed ? JobState.Completed : JobState.Open,
                Paused = IsPaused,
                CreatedAt = Now,
                UpdatedAt = Now,
                Counts = new JobCounts
                {
                    Accepted = items.Count,
                    Enrolled = items.Count(item => item.Outcome == EnrolOutcome.Enrolled),
                    RejectedQuality = items.Count(item => item.Outcome == EnrolOutcome.RejectedQuality),
                    NoFace = items.Count(item => item.Outcome == EnrolOutcome.NoFace),
                    Failed = items.Count(item => item.Outcome == EnrolOutcome.Failed),
                    Reasons = { Reasons(items).CountBy(reason => reason).ToDictionary(entry => entry.Key, entry => (long)entry.Value) },
                },
            };
        }
    }
}
