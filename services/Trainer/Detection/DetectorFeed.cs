using System.Collections.Concurrent;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Training;

namespace FaceCloud.Trainer.Detection;

/// <summary>Composes batches of scenes ahead of the network, in order, a pure function of the step's number.</summary>
public sealed class DetectorFeed(Func<SceneComposer> composers, DetectorTrainingOptions options)
{
    private const int Ahead = 3;

    private readonly ConcurrentBag<SceneComposer> _composers = [];

    /// <summary>The batches from <paramref name="firstStep"/> to <paramref name="lastStep"/> (exclusive).</summary>
    public IAsyncEnumerable<DetectorBatch> ReadAsync(long firstStep, long lastStep, CancellationToken cancellationToken) =>
        AheadFeed.ReadAsync(firstStep, lastStep, Ahead, Prepare, cancellationToken);

    /// <summary>The scenes of one step.</summary>
    public DetectorBatch Prepare(long step)
    {
        var side = SideOf(step);
        var count = Math.Max(2, options.PixelsPerBatch / (side * side));
        var pixels = new float[count * side * side * 3];
        var faces = new List<SceneFace>[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.AugmentationThreads }, i =>
        {
            if (!_composers.TryTake(out var composer))
            {
                composer = composers();
            }

            faces[i] = [];
            composer.Compose(side, new SmallRandom(options.Seed, step, i), pixels.AsSpan(i * side * side * 3, side * side * 3), faces[i]);
            _composers.Add(composer);
        });
        return new DetectorBatch(side, count, pixels, new DetectorTargets(side, faces));
    }

    /// <summary>Drawn for each step: small scenes are many and cheap, large ones show faces as large as the product meets them.</summary>
    private int SideOf(long step)
    {
        var random = new SmallRandom(options.Seed, step, -1);
        return options.Sides[random.Below(options.Sides.Count)];
    }
}
