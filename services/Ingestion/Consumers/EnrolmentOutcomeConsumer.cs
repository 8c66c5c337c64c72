using FaceCloud.Contracts.Events;
using FaceCloud.Ingestion.Enrolment;
using MassTransit;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>Takes outcomes and books them on their jobs, many in one transaction.</summary>
public sealed class EnrolmentOutcomeConsumer(OutcomeBook book) : IConsumer<Batch<EnrolmentOutcome>>
{
    public Task Consume(ConsumeContext<Batch<EnrolmentOutcome>> context) =>
        book.BookAsync([.. context.Message.Select(outcome => outcome.Message)], context.CancellationToken);
}
