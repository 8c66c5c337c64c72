using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using MassTransit;

namespace FaceCloud.Ingestion.Tests.Consumers;

/// <summary>Plays encoder and gallery: every crop is enrolled.</summary>
internal sealed class PlayedEncoder : IConsumer<EncodeFace>
{
    public Task Consume(ConsumeContext<EncodeFace> context)
    {
        var target = context.Message.Target;
        return context.Publish(new EnrolmentOutcome
        {
            Target = target,
            Outcome = EnrolOutcome.Enrolled,
            FaceId = FaceIds.Face(target.TenantId, target.GalleryId, target.PersonId, target.PhotoSha256, target.FaceOrdinal),
        });
    }
}
