using MassTransit;

namespace FaceCloud.Ingestion.Consumers;

internal static class RetryBackoff
{
    /// <summary>Waits that double from the shortest to the longest of the options.</summary>
    public static void Backoff(this IRetryConfigurator retry, IngestionOptions options)
    {
        if (options.RetryLimit > 0)
        {
            retry.Exponential(options.RetryLimit, options.RetryMinInterval, options.RetryMaxInterval, options.RetryMinInterval);
        }
        else
        {
            retry.None();
        }
    }
}
