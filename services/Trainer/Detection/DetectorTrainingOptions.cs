namespace FaceCloud.Trainer.Detection;

/// <summary>Everything that decides how a detector is trained. The defaults are the starter detector's recipe as it ended; EXPERIMENTS.md tells what changed on the way.</summary>
public sealed record DetectorTrainingOptions
{
    /// <summary>Shape of the network.</summary>
    public string Network { get; init; } = "pyramid-s";

    /// <summary>Steps of the run.</summary>
    public long Steps { get; init; } = 8000;

    /// <summary>Sides of the scenes; a step draws one. Multiples of 32.</summary>
    public IReadOnlyList<int> Sides { get; init; } = [192, 256, 320, 320, 448, 640];

    /// <summary>Pixels of a step's scenes together: 16 of 320 × 320.</summary>
    public int PixelsPerBatch { get; init; } = 16 * 320 * 320;

    /// <summary>Highest learning rate of AdamW: reached after the warm-up, held, and brought down to zero over the cool-down.</summary>
    public double LearningRate { get; init; } = 2e-3;

    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Steps until the learning rate is at its highest.</summary>
    public int WarmUpSteps { get; init; } = 200;

    /// <summary>Last share of all steps, over which the learning rate falls to zero.</summary>
    public double CoolDown { get; init; } = 0.5;

    public DetectorLossWeights Weights { get; init; } = new();

    public SceneOptions Scenes { get; init; } = new();

    public int Seed { get; init; } = 1;

    /// <summary>Threads of the arithmetic. The same number is needed for the same curve to the last bit.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Threads that compose scenes.</summary>
    public int AugmentationThreads { get; init; } = 1;

    /// <summary>Convolutions in bfloat16: twice as fast on a CPU with AVX-512 BF16, slower on one without.</summary>
    public bool Bfloat16 { get; init; }

    /// <summary>Steps between two rows of the metrics.</summary>
    public int LogEvery { get; init; } = 50;

    /// <summary>Steps between two scorings on the photos held out.</summary>
    public int ScoreEvery { get; init; } = 1000;

    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Learning rate of a step: warm-up, plateau, linear cool-down. The plateau lets a run be lengthened without starting anew.</summary>
    public double LearningRateAt(long step)
    {
        var rise = Math.Min(1, (step + 1.0) / Math.Max(1, WarmUpSteps));
        var fall = Math.Clamp((Steps - step) / Math.Max(1, CoolDown * Steps), 0, 1);
        return LearningRate * Math.Min(rise, fall);
    }
}
