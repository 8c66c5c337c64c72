using System.Collections.Concurrent;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Training;

/// <summary>Prepares batches ahead of the network on threads of its own, in order, a pure function of the step's number.</summary>
public sealed class BatchFeed(BatchPlan plan, PixelCache pixels, TeacherEmbeddings? teacher, EncoderTrainingOptions options)
{
    private const int Ahead = 4;

    private readonly ConcurrentBag<(AugmentationOptions Options, Augmenter Augmenter)> _augmenters = [];

    /// <summary>The batches from <paramref name="firstStep"/> to <paramref name="lastStep"/> (exclusive).</summary>
    public IAsyncEnumerable<FaceBatch> ReadAsync(long firstStep, long lastStep, CancellationToken cancellationToken)
    {
        var pass = -1L;
        IReadOnlyList<(int Row, int Person)[]> batches = [];
        return AheadFeed.ReadAsync(
            firstStep,
            lastStep,
            Ahead,
            step =>
            {
                if (step / plan.BatchesPerPass != pass)
                {
                    pass = step / plan.BatchesPerPass;
                    batches = plan.Pass((int)pass);
                }

                var change = options.AugmentationAt(step, lastStep, plan.BatchesPerPass);
                return Prepare(batches[(int)(step % plan.BatchesPerPass)], step, change);
            },
            cancellationToken);
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
