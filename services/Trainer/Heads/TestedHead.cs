using FaceCloud.Inference.Models;

namespace FaceCloud.Trainer.Heads;

/// <summary>A head, or the raw threshold, on persons it was not fitted on.</summary>
public sealed record TestedHead
{
    /// <summary>Null for the raw similarity with a threshold.</summary>
    public required VerifierHeadKind? Kind { get; init; }

    public required HeadFitting Fitting { get; init; }

    public required HeadScores Scores { get; init; }

    /// <summary>95 % of each of <see cref="HeadScores.Values"/>, over persons.</summary>
    public required IReadOnlyList<CalibrationInterval> Intervals { get; init; }

    /// <summary>95 % of the difference of log loss to the reference head (cosine, fitted on persons held out), resample by resample.</summary>
    public required CalibrationInterval LossAgainstReference { get; init; }

    /// <summary>Probability given and share seen, in ten bins; empty for the raw similarity.</summary>
    public required IReadOnlyList<(double Given, double Seen, double Weight)> Reliability { get; init; }

    /// <summary>For people.</summary>
    public string Name => Kind switch
    {
        null => "raw threshold",
        VerifierHeadKind.Cosine => "cosine",
        VerifierHeadKind.AbsoluteDifference => "|Δ|",
        VerifierHeadKind.SquaredDifference => "Δ²",
        _ => "χ²",
    };

    /// <summary>For people.</summary>
    public string FittedOn => Fitting switch
    {
        HeadFitting.Trained => "persons trained on",
        HeadFitting.HeldOut => "persons held out",
        _ => "trained on, rescaled on held out",
    };
}
