namespace FaceCloud.Inference.Models;

/// <summary>The cosine threshold at which single impostor comparisons were accepted at the given rate.</summary>
public sealed record CalibrationPoint(double FalseAcceptRate, float Threshold)
{
    /// <summary>Of <see cref="Threshold"/>: how much it would move with other persons. Null where nobody measured it.</summary>
    public CalibrationInterval? Interval { get; init; }

    /// <summary>Share of the pairs of one person that were accepted at <see cref="Threshold"/>.</summary>
    public double? TrueAcceptRate { get; init; }

    /// <summary>Of <see cref="TrueAcceptRate"/>.</summary>
    public CalibrationInterval? TrueAcceptInterval { get; init; }
}
