using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FaceCloud.Trainer.Training;

/// <summary>Prepares what steps need ahead of them on a thread of its own, in order.</summary>
public static class AheadFeed
{
    /// <summary>What <paramref name="prepare"/> gives for the steps from <paramref name="firstStep"/> to <paramref name="lastStep"/> (exclusive).</summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        long firstStep,
        long lastStep,
        int ahead,
        Func<long, T> prepare,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(ahead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var producer = Task.Run(() => ProduceAsync(channel.Writer, firstStep, lastStep, prepare, stop.Token), stop.Token);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await producer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ProduceAsync<T>(ChannelWriter<T> writer, long firstStep, long lastStep, Func<long, T> prepare, CancellationToken cancellationToken)
    {
        try
        {
            for (var step = firstStep; step < lastStep; step++)
            {
                await writer.WriteAsync(prepare(step), cancellationToken).ConfigureAwait(false);
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            // Handed to the reader, which throws it.
            writer.Complete(e);
        }
    }
}
