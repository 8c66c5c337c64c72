using MassTransit;

namespace FaceCloud.ServiceDefaults.Messaging;

/// <summary>Looks at every message of one kind before its consumer does. One that is refused goes to the error queue, alone, at once and with the sentence.</summary>
internal sealed class CheckFilter<TMessage>(Action<TMessage> check) : IFilter<ConsumeContext>
    where TMessage : class
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.TryGetMessage<TMessage>(out var message))
        {
            check(message.Message);
        }

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("check");
}
