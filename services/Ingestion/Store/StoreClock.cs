namespace FaceCloud.Ingestion.Store;

internal static class StoreClock
{
    /// <summary>Now in whole microseconds, as the store keeps it: what is answered at once equals what is read later.</summary>
    public static DateTimeOffset GetStoreNow(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
