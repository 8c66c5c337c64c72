namespace FaceCloud.Trainer.Detection;

/// <summary>Sums since the last row of metrics. Travels in the checkpoint, so that a resumed run writes the row the interrupted one would have.</summary>
public sealed record DetectorMetrics
{
    public int Steps { get; init; }

    public long Scenes { get; init; }

    public double Loss { get; init; }

    public double Class { get; init; }

    public double Fit { get; init; }

    public double Box { get; init; }

    public double Landmarks { get; init; }

    public DetectorMetrics Plus(DetectorMetrics step) => new()
    {
        Steps = Steps + step.Steps,
        Scenes = Scenes + step.Scenes,
        Loss = Loss + step.Loss,
        Class = Class + step.Class,
        Fit = Fit + step.Fit,
        Box = Box + step.Box,
        Landmarks = Landmarks + step.Landmarks,
    };
}
