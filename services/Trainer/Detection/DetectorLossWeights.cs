namespace FaceCloud.Trainer.Detection;

/// <summary>Weights of the parts of <see cref="DetectorLoss"/>.</summary>
public sealed record DetectorLossWeights
{
    public double Class { get; init; } = 1;

    /// <summary>Within <see cref="Class"/>, of cells that answer for no face: above 1, doubtful places score lower and fewer things are taken for faces.</summary>
    public double Background { get; init; } = 3;

    public double Fit { get; init; } = 0.5;

    public double Box { get; init; } = 2;

    public double Landmarks { get; init; } = 30;
}
