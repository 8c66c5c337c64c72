using MassTransit;

namespace FaceCloud.ServiceDefaults.Lifetime;

/// <summary>Messages wait, unacknowledged, until the start is done: without its store a consumer would only use up its tries.</summary>
internal sealed class StartFilter(StartSteps steps) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        await steps.WaitAsync(context.CancellationToken);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("start");
}
