using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Training;

/// <summary>Prepares batches ahead of the network on threads of its own, in order, a pure function of the step's number.</summary>
public sealed class BatchFeed(BatchPlan plan, PixelCache pixels, TeacherEmbeddings? teacher, EncoderTrainingOptions options)
{
    private const int Ahead = 4;

    private readonly ConcurrentBag<(AugmentationOptions Options, Augmenter Augmenter)> _augmenters = [];

    /// <summary>The batches from <paramref name="firstStep"/> to <paramref name="lastStep"/> (exclusive).</summary>
    public async IAsyncEnumerable<FaceBatch> ReadAsync(long firstStep, long lastStep, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<FaceBatch>(Ahead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var producer = Task.Run(() => ProduceAsync(channel.Writer, firstStep, lastStep, stop.Token), stop.Token);
        try
        {
            await foreach (var batch in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await producer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProduceAsync(ChannelWriter<FaceBatch> writer, long firstStep, long lastStep, CancellationToken cancellationToken)
    {
        try
        {
            var pass = -1L;
            IReadOnlyList<(int Row, int Person)[]> batches = [];
            for (var step = firstStep; step < lastStep; step++)
            {
                if (step / plan.BatchesPerPass != pass)
                {
                    pass = step / plan.BatchesPerPass;
                    batches = plan.Pass((int)pass);
                }

                var change = options.AugmentationAt(step, lastStep, plan.BatchesPerPass);
                await writer.WriteAsync(Prepare(batches[(int)(step % plan.BatchesPerPass)], step, change), cancellationToken).ConfigureAwait(false);
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            // Handed to the reader, which throws it.
            writer.Complete(e);
        }
    }

    private FaceBatch Prepare((int Row, int Person)[] photos, long step, AugmentationOptions change)
    {
        var batch = new FaceBatch(
            new float[photos.Length * Augmenter.Length],
            Array.ConvertAll(photos, p => p.Person),
            new float[photos.Length * (teacher?.Dimension ?? 0)]);
        Parallel.For(0, photos.Length, new ParallelOptions { MaxDegreeOfParallelism = options.AugmentationThreads }, i =>
        {
            var augmenter = _augmenters.TryTake(out var idle) && idle.Options == change ? idle.Augmenter : new Augmenter(change);

            augmenter.Apply(pixels.Pixels(photos[i].Row), new SmallRandom(options.Seed, step, i), batch.Pixels.AsSpan(i * Augmenter.Length, Augmenter.Length));
            teacher?.CopyTo(photos[i].Row, batch.Teacher.AsSpan(i * teacher.Dimension, teacher.Dimension));
            _augmenters.Add((change, augmenter));
        });
        return batch;
    }
}
