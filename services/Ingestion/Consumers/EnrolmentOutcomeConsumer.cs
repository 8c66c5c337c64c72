using FaceCloud.Contracts;
using FaceCloud.Contracts.Events;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.ServiceDefaults.Tracing;
using MassTransit;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>Takes outcomes and books them on their jobs, many in one transaction.</summary>
public sealed class EnrolmentOutcomeConsumer(OutcomeBook book, TimeProvider time) : IConsumer<Batch<EnrolmentOutcome>>
{
    public async Task Consume(ConsumeContext<Batch<EnrolmentOutcome>> context)
    {
        var messages = context.Message.ToList();
        if (context.GetRetryAttempt() == 0)
        {
            messages.ForEach(message => MessageTrace.RecordWait(message, Queues.EnrolmentOutcome, time));
        }

        var spans = messages.ConvertAll(message => MessageTrace.StartItem(Telemetry.Source, Telemetry.OutcomeSpan, message));
        try
        {
            using var batch = MessageTrace.StartBatch(Telemetry.Source, Telemetry.OutcomeBatchSpan, spans);
            // A refusal has no item; it is only for whoever sent the photo.
            await book.BookAsync([.. messages.Select(message => message.Message).Where(outcome => outcome.Target.ItemId != Guid.Empty)], context.CancellationToken);
        }
        finally
        {
            spans.ForEach(span => span?.Dispose());
        }
    }
}
