using MassTransit;
using RabbitMQ.Client.Exceptions;

namespace FaceCloud.ServiceDefaults.Messaging;

public static class BrokerRetryExtensions
{
    // At the longest pause between them about eight hours. The broker hands its messages out again when it comes back, whatever happens here.
    private const int Tries = 1000;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What a broker that is away breaks is no try of the message's own: it is repeated until the broker is back. Else a message whose tries
    /// ran out while the broker was down would end as failed in the moment that it returns. Beside the consumer's own retry, and after it.
    /// </summary>
    public static void UseBrokerRetry(this IReceiveEndpointConfigurator endpoint) =>
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(IsOfTheBroker);
            retry.Exponential(Tries, ShortestPause, LongestPause, ShortestPause);
        });

    private static bool IsOfTheBroker(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is ConnectionException or TransportException or RabbitMQClientException)
            {
                return true;
            }
        }

        return false;
    }
}
