using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Enrolment;

/// <summary>Publishes the first command of an item's way and waits for the broker's confirm.</summary>
public sealed class CropCommands(IBus bus, IOptions<IngestionOptions> options, TimeProvider time)
{
    /// <exception cref="FailureException">BrokerUnavailable: not confirmed in time.</exception>
    public async Task PublishAsync(EnrolmentJob job, EnrolmentItem item, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.PublishTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await bus.Publish(Command(job, item), either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FailureException(FailureReason.BrokerUnavailable, "The broker did not confirm the photo's command; send the photo again later.", exception);
        }
    }

    public static EnrolmentTarget Target(EnrolmentJob job, EnrolmentItem item) => new()
    {
        TenantId = job.TenantId,
        JobId = job.JobId,
        ItemId = item.ItemId,
        GalleryId = job.GalleryId,
        PersonId = item.PersonId,
        PersonName = item.PersonName,
        Source = item.Source,
        PhotoSha256 = item.PhotoSha256,
        AcceptedAt = item.RetriedAt ?? item.CreatedAt,
        OnDuplicate = job.OnDuplicate,
        Attempt = item.Attempt,
    };

    private static CropFaces Command(EnrolmentJob job, EnrolmentItem item) => new()
    {
        Target = Target(job, item),
        PhotoKey = PhotoKeys.Of(item.ItemId),
        MinQuality = job.MinQuality,
        MaxFaces = job.MaxFaces,
    };
}
