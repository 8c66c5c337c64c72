using System.Diagnostics;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Encoding;
using FaceCloud.ServiceDefaults.Tracing;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FaceCloud.Encoder.Consumers;

/// <summary>
/// Encodes crops from the queue and publishes what became of each: an embedding, or a failed outcome. Nothing is stored
/// here, so running twice on one message only says the same twice.
/// </summary>
internal sealed class EncodeFaceConsumer(IFaceEncoder encoder, IOptions<EncoderOptions> options, TimeProvider time, ILogger<EncodeFaceConsumer> logger)
    : IConsumer<Batch<EncodeFace>>
{
    public async Task Consume(ConsumeContext<Batch<EncodeFace>> context)
    {
        var messages = context.Message.ToList();
        var results = await Task.WhenAll(messages.Select(message => EncodeAsync(message, context.GetRetryAttempt(), context.CancellationToken)));
        try
        {
            // A batch is tried again as a whole: before anything of it is published.
            var healing = results.Where(result => result.Failure is { } failure && MayHeal(failure.Reason)).ToList();
            if (healing.Count > 0 && context.GetRetryAttempt() < options.Value.Retries)
            {
                var failure = healing[0].Failure!;
                Log.BatchRetried(logger, healing.Count, messages.Count, failure.Reason.ToWire());
                throw new FailureException(failure.Reason, failure.Message, failure);
            }

            await Task.WhenAll(results.Select(result => PublishAsync(context, result)));
        }
        finally
        {
            foreach (var result in results)
            {
                result.Span?.Dispose();
            }
        }
    }

    private static bool MayHeal(FailureReason reason) =>
        reason is FailureReason.EncoderBusy or FailureReason.EncoderUnavailable or FailureReason.Internal;

    // One by one, so that a crop that cannot be encoded fails alone; the batcher puts them together again.
    private async Task<EncodingResult> EncodeAsync(ConsumeContext<EncodeFace> message, int attempt, CancellationToken cancellationToken)
    {
        if (attempt == 0)
        {
            MessageTrace.RecordWait(message, Queues.EncodeFace, time);
        }

        var command = message.Message;
        var span = MessageTrace.StartItem(Telemetry.Source, Telemetry.EncodeSpan, message);
        Activity.Current = span ?? Activity.Current;
        try
        {
            var encoded = await encoder.EncodeAsync([command.Crop ?? []], EncodePriority.Bulk, cancellationToken);
            return new EncodingResult(command, encoded, null, span);
        }
        catch (FailureException failure)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failure.Reason.ToWire());
            return new EncodingResult(command, null, failure, span);
        }
        catch
        {
            span?.Dispose();
            throw;
        }
    }

    private async Task PublishAsync(ConsumeContext context, EncodingResult result)
    {
        // What is published goes on in the face's own trace.
        Activity.Current = result.Span ?? Activity.Current;
        var target = result.Command.Target;
        if (result.Encoded is { } encoded)
        {
            await context.Publish(
                new FaceEncoded
                {
                    Target = target,
                    Embedding = EmbeddingBytes.ToBytes(encoded.Embeddings[0]),
                    EmbeddingContract = encoded.EmbeddingContract,
                    Box = result.Command.Box,
                    Quality = result.Command.Quality,
                },
                context.CancellationToken);
            Telemetry.Items.Add(1, new KeyValuePair<string, object?>(Telemetry.OutcomeTag, "encoded"));
            return;
        }

        var failure = result.Failure!;
        Log.ItemFailed(logger, target.ItemId, target.JobId, failure.Reason.ToWire(), failure.Message);
        await context.Publish(
            new EnrolmentOutcome
            {
                Target = target,
                Outcome = EnrolOutcome.Failed,
                ErrorReason = failure.Reason.ToWire(),
                Message = failure.Message,
            },
            context.CancellationToken);
        Telemetry.Items.Add(1, new KeyValuePair<string, object?>(Telemetry.OutcomeTag, "failed"));
    }

    private sealed record EncodingResult(EncodeFace Command, EncodedFaces? Encoded, FailureException? Failure, Activity? Span);
}
