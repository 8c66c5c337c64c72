using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;
using MassTransit;

namespace FaceCloud.Gallery.Consumers;

/// <summary>
/// Takes encoded faces, stores them with one transaction a gallery, and publishes the outcome of each.
/// Safe to run twice: a stored face remembers its item. What cannot heal is an outcome; what can is thrown and tried again,
/// and in the end Ingestion gives the item its outcome from the fault.
/// </summary>
public sealed class FaceEncodedConsumer(GalleryWriter writer, IndexState state, ILogger<FaceEncodedConsumer> logger) : IConsumer<Batch<FaceEncoded>>
{
    public async Task Consume(ConsumeContext<Batch<FaceEncoded>> context)
    {
        await state.WaitAsync(context.CancellationToken);
        var faces = context.Message.Select(message => message.Message).ToList();
        if (faces.RemoveAll(face => face.Target is null) is > 0 and var strays)
        {
            // Anyone may publish; a message that names no item has nobody to answer to.
            Log.StrayMessages(logger, strays);
        }

        foreach (var gallery in faces.GroupBy(face => new GalleryKey(face.Target.TenantId, face.Target.GalleryId)))
        {
            await StoreAsync(context, gallery.Key, [.. gallery]);
        }
    }

    private async Task StoreAsync(ConsumeContext context, GalleryKey gallery, IReadOnlyList<FaceEncoded> messages)
    {
        var good = new List<(FaceEncoded Message, NewFace Face)>(messages.Count);
        foreach (var message in messages)
        {
            try
            {
                good.Add((message, FaceEncodedMapping.ToNewFace(message)));
            }
            catch (FailureException failure)
            {
                await PublishAsync(context, Failed(message.Target, failure));
            }
        }

        if (good.Count == 0)
        {
            return;
        }

        var answers = await AddAsync(gallery, [.. good.Select(pair => pair.Face)], context.CancellationToken);
        foreach (var ((message, _), answer) in good.Zip(answers))
        {
            await PublishAsync(context, ToOutcome(message.Target, answer));
        }
    }

    private async Task<IReadOnlyList<StoredFace>> AddAsync(GalleryKey gallery, IReadOnlyList<NewFace> faces, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity(Telemetry.StoreSpan);
        activity?.SetTag("facecloud.faces", faces.Count);
        try
        {
            return await writer.AddFacesAsync(gallery, faces, cancellationToken);
        }
        catch (FailureException exception) when (exception.Reason is FailureReason.StoreUnavailable or FailureReason.IndexUnavailable)
        {
            Log.StoreRetried(logger, faces.Count, gallery.GalleryId, exception);
            throw;
        }
    }

    private static EnrolmentOutcome ToOutcome(EnrolmentTarget target, StoredFace answer) => answer.State switch
    {
        StoredFaceState.Added or StoredFaceState.AddedBefore =>
            new EnrolmentOutcome { Target = target, Outcome = EnrolOutcome.Enrolled, FaceId = answer.FaceId },
        StoredFaceState.Duplicate =>
            new EnrolmentOutcome { Target = target, Outcome = EnrolOutcome.Duplicate, FaceId = answer.FaceId },
        _ => Failed(target, answer.Refusal!),
    };

    private static EnrolmentOutcome Failed(EnrolmentTarget target, FailureException failure) => new()
    {
        Target = target,
        Outcome = EnrolOutcome.Failed,
        ErrorReason = failure.Reason.ToWire(),
        Message = failure.Message,
    };

    private static Task PublishAsync(ConsumeContext context, EnrolmentOutcome outcome)
    {
        Telemetry.CountEnrolment(outcome.Outcome);
        return context.Publish(outcome, context.CancellationToken);
    }
}
