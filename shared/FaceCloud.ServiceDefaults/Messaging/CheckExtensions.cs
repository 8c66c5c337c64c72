using MassTransit;

namespace FaceCloud.ServiceDefaults.Messaging;

public static class CheckExtensions
{
    /// <summary>Refuses messages before they join a batch: what <paramref name="check"/> throws sends one to the error queue, without another try.</summary>
    public static void UseCheck<TMessage>(this IReceiveEndpointConfigurator endpoint, Action<TMessage> check)
        where TMessage : class =>
        endpoint.UseFilter(new CheckFilter<TMessage>(check));
}
