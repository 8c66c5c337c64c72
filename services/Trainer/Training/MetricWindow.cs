namespace FaceCloud.Trainer.Training;

/// <summary>Sums since the last row of metrics. Travels in the checkpoint, so that a resumed run writes the row the interrupted one would have.</summary>
public sealed record MetricWindow
{
    public int Steps { get; init; }

    public long Photos { get; init; }

    public double Loss { get; init; }

    public double Distillation { get; init; }

    public double Triplet { get; init; }

    public double Angular { get; init; }

    public double ActiveShare { get; init; }

    public MetricWindow Plus(MetricWindow step) => new()
    {
        Steps = Steps + step.Steps,
        Photos = Photos + step.Photos,
        Loss = Loss + step.Loss,
        Distillation = Distillation + step.Distillation,
        Triplet = Triplet + step.Triplet,
        Angular = Angular + step.Angular,
        ActiveShare = ActiveShare + step.ActiveShare,
    };
}
