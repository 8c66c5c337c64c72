using System.Diagnostics;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Grpc;

/// <summary>
/// Reads an Upload stream: a few photos are stored at the same time, the next is read when one of them is done,
/// so a slow photo does not stop the others and a stream never holds more than that in memory.
/// </summary>
public sealed class UploadReader(EnrolmentJobs jobs, PhotoIntake intake, IOptions<IngestionOptions> options)
{
    private const int MostListed = 1000;
    private const int MostOfASource = 1024;

    /// <summary>
    /// Takes in every photo. One that is refused for what it is does not end the stream; a job that takes no photos,
    /// or a store or broker that is away, does: the rest would fare the same, and repeating is safe.
    /// </summary>
    public async Task<UploadResponse> AcceptAsync(IAsyncStreamReader<UploadPhotoRequest> photos, CancellationToken cancellationToken)
    {
        var accepted = 0L;
        var refused = new List<RefusedPhoto>();
        var refusedCount = 0L;
        var call = Activity.Current?.Context ?? default;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.UploadParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(photos.ReadAllAsync(cancellationToken).Index(), parallel, async (photo, cancelled) =>
        {
            using var trace = Telemetry.StartPhoto(call);
            try
            {
                await jobs.AcceptAsync(Tenants.Default, await intake.ReadAsync(photo.Item, cancelled), cancelled);
                Interlocked.Increment(ref accepted);
            }
            catch (FailureException failure) when (IsOfThePhoto(failure, photo.Item))
            {
                Interlocked.Increment(ref refusedCount);
                Refuse(photo.Index, photo.Item.Source, failure);
            }
        });

        // Photos end in any order; what is listed are the first ones refused.
        return new UploadResponse
        {
            Accepted = accepted,
            RefusedCount = refusedCount,
            Refused = { refused.OrderBy(photo => photo.Position) },
        };

        void Refuse(long position, string source, FailureException failure)
        {
            lock (refused)
            {
                if (refused.Count < MostListed)
                {
                    refused.Add(new RefusedPhoto
                    {
                        Position = position,
                        Source = source.Length <= MostOfASource ? source : source[..MostOfASource],
                        Reason = failure.Reason.ToWire(),
                        Message = failure.Message,
                    });
                }
            }
        }
    }

    // A bad job_id is no photo's fault; everything else that is invalid in a request is, and so is a place without a photo.
    private static bool IsOfThePhoto(FailureException failure, UploadPhotoRequest request) =>
        Ids.IsJob(request.JobId)
        && (FailureStatus.Code(failure.Reason) == StatusCode.InvalidArgument
            || failure.Reason is FailureReason.PhotoNotFound or FailureReason.ReferenceUnreadable);
}
