using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Losses;

namespace FaceCloud.Trainer.Training;

/// <summary>Everything that decides how an encoder is trained. The defaults are the starter encoder's recipe.</summary>
public sealed record EncoderTrainingOptions
{
    /// <summary>Shape of the network.</summary>
    public string Network { get; init; } = "resnet-p";

    /// <summary>P: persons of a batch.</summary>
    public int Persons { get; init; } = 16;

    /// <summary>K: photos of each person in a batch.</summary>
    public int PhotosPerPerson { get; init; } = 5;

    /// <summary>Weight of 1 − cos to the teacher's embedding; 0 leaves it out, and with it the unlabelled photos.</summary>
    public double Distillation { get; init; } = 1;

    /// <summary>Weight of the triplet loss; 0 leaves it out.</summary>
    public double Triplet { get; init; } = 0.3;

    /// <summary>Weight of the additive angular margin loss; 0 leaves it out.</summary>
    public double Angular { get; init; }

    /// <summary>α of the triplet loss.</summary>
    public float Margin { get; init; } = TripletLoss.DefaultMargin;

    public TripletMining Mining { get; init; } = TripletMining.SemiHard;

    /// <summary>Passes over the photos.</summary>
    public double Passes { get; init; } = 20;

    /// <summary>Side to which photos are reduced in the first passes, which then cost a fraction; 112 reduces nothing.</summary>
    public int SmallSide { get; init; } = 80;

    /// <summary>Passes at the small side.</summary>
    public double SmallPasses { get; init; }

    /// <summary>Last passes, in which photos are changed only gently.</summary>
    public double GentlePasses { get; init; }

    /// <summary>Highest learning rate of AdamW: reached after the warm-up, held, and brought down to zero over the cool-down.</summary>
    public double LearningRate { get; init; } = 1.5e-3;

    /// <summary>How gradients become steps.</summary>
    public OptimiserKind Optimiser { get; init; }

    public double WeightDecay { get; init; } = 0.02;

    /// <summary>Steps until the learning rate is at its highest.</summary>
    public int WarmUpSteps { get; init; } = 200;

    /// <summary>Last share of all steps, over which the learning rate falls to zero.</summary>
    public double CoolDown { get; init; } = 0.35;

    public int Seed { get; init; } = 1;

    /// <summary>Threads of the arithmetic. The same number is needed for the same curve to the last bit.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Threads that change photos.</summary>
    public int AugmentationThreads { get; init; } = 1;

    /// <summary>Convolutions in bfloat16: twice as fast on a CPU with AVX-512 BF16, slower on one without.</summary>
    public bool Bfloat16 { get; init; }

    /// <summary>Steps between two rows of the metrics.</summary>
    public int LogEvery { get; init; } = 50;

    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(3);

    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>How photos are changed at a step.</summary>
    public AugmentationOptions AugmentationAt(long step, long totalSteps, long batchesPerPass) =>
        totalSteps - step <= GentlePasses * batchesPerPass ? AugmentationOptions.Gentle : Augmentation;

    /// <summary>Learning rate of a step: warm-up, plateau, linear cool-down. The plateau lets a run be lengthened without starting anew.</summary>
    public double LearningRateAt(long step, long totalSteps)
    {
        var rise = Math.Min(1, (step + 1.0) / Math.Max(1, WarmUpSteps));
        var coolDownSteps = Math.Max(1, CoolDown * totalSteps);
        var fall = Math.Clamp((totalSteps - step) / coolDownSteps, 0, 1);
        return LearningRate * Math.Min(rise, fall);
    }
}
