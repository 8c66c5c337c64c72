using System.Diagnostics;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Tracing;
using MassTransit;

namespace FaceCloud.Gallery.Consumers;

/// <summary>
/// Takes encoded faces, stores them with one transaction a gallery, and publishes the outcome of each.
/// Safe to run twice: a stored face remembers its item. What cannot heal is an outcome; what can is thrown and tried again,
/// and in the end Ingestion gives the item its outcome from the fault.
/// </summary>
public sealed class FaceEncodedConsumer(GalleryWriter writer, IndexState state, TimeProvider time, ILogger<FaceEncodedConsumer> logger) : IConsumer<Batch<FaceEncoded>>
{
    public async Task Consume(ConsumeContext<Batch<FaceEncoded>> context)
    {
        await state.WaitAsync(context.CancellationToken);
        var spans = StartSpans(context);
        try
        {
            await StoreAsync(context, spans);
        }
        finally
        {
            foreach (var span in spans.Values)
            {
                span?.Dispose();
            }
        }
    }

    // One a face, in its own trace.
    private Dictionary<FaceEncoded, Activity?> StartSpans(ConsumeContext<Batch<FaceEncoded>> context)
    {
        var spans = new Dictionary<FaceEncoded, Activity?>(ReferenceEqualityComparer.Instance);
        foreach (var message in context.Message)
        {
            if (context.GetRetryAttempt() == 0)
            {
                MessageTrace.RecordWait(message, Queues.FaceEncoded, time);
            }

            spans[message.Message] = MessageTrace.StartItem(Telemetry.Source, Telemetry.UpsertSpan, message);
        }

        return spans;
    }

    private async Task StoreAsync(ConsumeContext<Batch<FaceEncoded>> context, Dictionary<FaceEncoded, Activity?> spans)
    {
        var faces = context.Message.Select(message => message.Message).ToList();
        foreach (var gallery in faces.GroupBy(face => new GalleryKey(face.Target.TenantId, face.Target.GalleryId)))
        {
            await StoreAsync(context, gallery.Key, [.. gallery], spans);
        }
    }

    private async Task StoreAsync(ConsumeContext context, GalleryKey gallery, IReadOnlyList<FaceEncoded> messages, Dictionary<FaceEncoded, Activity?> spans)
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
                await PublishAsync(context, Failed(message.Target, failure), spans[message]);
            }
        }

        if (good.Count == 0)
        {
            return;
        }

        var answers = await AddAsync(gallery, [.. good.Select(pair => pair.Face)], good.Select(pair => spans[pair.Message]), context.CancellationToken);
        // Together: each waits for the broker's confirm.
        await Task.WhenAll(good.Zip(answers, (face, answer) => PublishAsync(context, ToOutcome(face.Message.Target, answer), spans[face.Message])));
    }

    private async Task<IReadOnlyList<StoredFace>> AddAsync(
        GalleryKey gallery, IReadOnlyList<NewFace> faces, IEnumerable<Activity?> spans, CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.StartBatch(Telemetry.Source, Telemetry.UpsertBatchSpan, spans);
        activity?.SetTag(Telemetry.FacesTag, faces.Count);
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
        StoredFaceState.Skipped => new EnrolmentOutcome
        {
            Target = target,
            Outcome = EnrolOutcome.Duplicate,
            FaceId = answer.FaceId,
            Message = "The person was enrolled already, and the job leaves such persons as they are.",
        },
        _ => Failed(target, answer.Refusal!),
    };

    private static EnrolmentOutcome Failed(EnrolmentTarget target, FailureException failure) => new()
    {
        Target = target,
        Outcome = EnrolOutcome.Failed,
        ErrorReason = failure.Reason.ToWire(),
        Message = failure.Message,
    };

    private static async Task PublishAsync(ConsumeContext context, EnrolmentOutcome outcome, Activity? span)
    {
        Activity.Current = span?.SetTag(Telemetry.OutcomeTag, Words.Of(outcome.Outcome)) ?? Activity.Current;
        Telemetry.CountEnrolment(outcome.Outcome);
        await context.Publish(outcome, context.CancellationToken);
        span?.Stop();
    }
}
