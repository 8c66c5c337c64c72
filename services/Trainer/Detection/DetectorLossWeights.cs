namespace FaceCloud.Trainer.Detection;

/// <summary>Weights of the parts of <see cref="DetectorLoss"/>.</summary>
public sealed record DetectorLossWeights
{
    public double Class { get; init; } = 1;

    public double Fit { get; init; } = 0.5;

    public double Box { get; init; } = 2;

    public double Landmarks { get; init; } = 30;
}
