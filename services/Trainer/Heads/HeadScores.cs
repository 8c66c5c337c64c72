namespace FaceCloud.Trainer.Heads;

/// <summary>How well probabilities, or raw similarities, tell pairs of one person from pairs of two, at the prior 0.5.</summary>
public sealed record HeadScores
{
    /// <summary>Share judged rightly: one person where the probability is 0.5 or more.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean of −log of what was given to the truth, in nats; NaN for raw similarities. A coin has 0.693.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Expected calibration error: mean distance of probability and share in 15 bins; NaN for raw similarities.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>Chance that a genuine pair comes above an impostor pair.</summary>
    public required double AreaUnderCurve { get; init; }

    /// <summary>Share of genuine pairs accepted where 1 in 100 impostor pairs is.</summary>
    public required double TrueAcceptsAt1E2 { get; init; }

    /// <summary>The same at 1 in 1000.</summary>
    public required double TrueAcceptsAt1E3 { get; init; }

    /// <summary>All of them, in the order above.</summary>
    public IReadOnlyList<double> Values => [Accuracy, LogLoss, CalibrationError, AreaUnderCurve, TrueAcceptsAt1E2, TrueAcceptsAt1E3];
}
