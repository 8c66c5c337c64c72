using System.Diagnostics;
using MassTransit;
using MassTransit.Logging;

namespace FaceCloud.ServiceDefaults.Tracing;

/// <summary>
/// One trace per face, through the queue and through batches. MassTransit carries the trace in a header; its own spans of a batch
/// belong to whichever message came last, so consumers of batches open a span for each message here.
/// </summary>
public static class MessageTrace
{
    /// <summary>The span that published the message; default when it was published without one.</summary>
    public static ActivityContext Origin(ConsumeContext message) =>
        message.Headers.Get<string>(DiagnosticHeaders.ActivityId) is { } id && ActivityContext.TryParse(id, null, isRemote: true, out var origin)
            ? origin
            : default;

    /// <summary>
    /// Records how long the message waited for its consumer, as a span in the message's trace and in the histogram. Includes the time
    /// that it took to gather a batch. Only of the first try: a repetition has not waited in the queue.
    /// </summary>
    public static void RecordWait(ConsumeContext message, string queue, TimeProvider time)
    {
        if (message.SentTime is not { } sent || message.GetRetryAttempt() > 0)
        {
            return;
        }

        // The clocks of two machines may differ; nothing waits for less than no time.
        var now = time.GetUtcNow().UtcDateTime;
        var start = sent < now ? sent : now;
        Telemetry.RecordQueueWait(queue, now - start);
        if (Origin(message) is var origin && origin != default)
        {
            using var span = Telemetry.Source.StartActivity(Telemetry.QueueWaitSpan, ActivityKind.Consumer, origin, startTime: start);
            span?.SetTag(Telemetry.QueueTag, queue).SetEndTime(now);
        }
    }

    /// <summary>
    /// A span for the work on one message of a batch, in the message's own trace. It is not made the current one: the work on the
    /// messages is mixed.
    /// </summary>
    public static Activity? StartItem(ActivitySource source, string name, ConsumeContext message)
    {
        var current = Activity.Current;
        var item = source.StartActivity(name, ActivityKind.Internal, Origin(message));
        Activity.Current = current;
        return item;
    }

    /// <summary>A span of its own trace for what is done for several at once; the spans of these and this one are linked with each other.</summary>
    public static Activity? StartBatch(ActivitySource source, string name, IEnumerable<Activity?> items)
    {
        var spans = items.OfType<Activity>().ToList();
        Activity.Current = null;
        var batch = source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), links: spans.Select(item => new ActivityLink(item.Context)));
        if (batch is not null)
        {
            spans.ForEach(item => item.AddLink(new ActivityLink(batch.Context)));
        }

        return batch;
    }
}
