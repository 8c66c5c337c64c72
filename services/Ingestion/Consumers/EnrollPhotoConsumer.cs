using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Failures;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.ServiceDefaults.Grpc;
using FaceCloud.ServiceDefaults.Tracing;
using Grpc.Core;
using MassTransit;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>Takes photos that anyone sends by the queue and makes items of them; one that cannot become an item is answered with the reason.</summary>
public sealed class EnrollPhotoConsumer(QueuedPhotos photos, IBus bus, TimeProvider time, ILogger<EnrollPhotoConsumer> logger) : IConsumer<EnrollPhoto>
{
    public async Task Consume(ConsumeContext<EnrollPhoto> context)
    {
        MessageTrace.RecordWait(context, Queues.EnrollPhoto, time);
        // Over the bus, not over the context: what came as plain JSON would be answered without an envelope.
        try
        {
            if (await photos.AcceptAsync(Tenants.Default, context.Message, context.CancellationToken) is { } known)
            {
                await bus.Publish(known, context.CancellationToken);
            }
        }
        catch (FailureException failure) when (!MayHeal(failure))
        {
            Telemetry.CountRefused(failure.Reason);
            Log.QueuedPhotoRefused(logger, failure.Reason.ToWire());
            await bus.Publish(photos.Refusal(Tenants.Default, context.Message, failure), context.CancellationToken);
        }
    }

    /// <summary>Something of ours is away or full; the photo is not to blame.</summary>
    internal static bool MayHeal(FailureException failure) =>
        FailureStatus.Code(failure.Reason) is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Internal;
}
