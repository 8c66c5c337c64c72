using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;
using MassTransit;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>Takes what failed for good anywhere on an item's way and ends the item with a Failed outcome: no item is lost to an error queue.</summary>
public sealed class EnrolmentFaultConsumer(ILogger<EnrolmentFaultConsumer> logger)
    : IConsumer<Fault<CropFaces>>, IConsumer<Fault<EncodeFace>>, IConsumer<Fault<FaceEncoded>>
{
    public Task Consume(ConsumeContext<Fault<CropFaces>> context) =>
        EndAsync(context, nameof(CropFaces), context.Message.Message.Target);

    public Task Consume(ConsumeContext<Fault<EncodeFace>> context) =>
        EndAsync(context, nameof(EncodeFace), context.Message.Message.Target);

    public Task Consume(ConsumeContext<Fault<FaceEncoded>> context) =>
        EndAsync(context, nameof(FaceEncoded), context.Message.Message.Target);

    private Task EndAsync<TMessage>(ConsumeContext<Fault<TMessage>> context, string message, EnrolmentTarget target)
        where TMessage : class
    {
        var cause = context.Message.Exceptions?.FirstOrDefault();
        Log.StepFailed(logger, message, target.ItemId, cause?.ExceptionType ?? "unknown", cause?.Message ?? "");
        var (reason, sentence) = Describe(cause);
        return context.Publish(
            new EnrolmentOutcome
            {
                Target = target,
                Outcome = EnrolOutcome.Failed,
                ErrorReason = reason,
                Message = sentence,
            },
            context.CancellationToken);
    }

    // Only a failure of ours has a sentence meant for clients; any other message may say too much.
    private static (string Reason, string Sentence) Describe(ExceptionInfo? cause)
    {
        for (var exception = cause; exception is not null; exception = exception.InnerException)
        {
            if (exception.Data?.TryGetValue(FailureException.ReasonKey, out var reason) == true && reason is string name)
            {
                return (name, exception.Message);
            }
        }

        return (FailureReason.Internal.ToWire(), "Something broke on the server; its log has the details. Send the photo again in another job.");
    }
}
