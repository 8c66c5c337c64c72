using FaceCloud.Inference.Models;

namespace FaceCloud.Inference.Fitting;

/// <summary>A threshold and what it does.</summary>
public sealed record OperatingPoint
{
    /// <summary>Share of impostor pairs that may be accepted.</summary>
    public required double FalseAcceptRate { get; init; }

    /// <summary>Cosine, rounded up to four digits: at or above it a pair is accepted.</summary>
    public required float Threshold { get; init; }

    public required CalibrationInterval ThresholdInterval { get; init; }

    /// <summary>Share of genuine pairs accepted, every person counting the same.</summary>
    public required double TrueAcceptRate { get; init; }

    /// <summary>At thresholds that move with the resample, as they would with other persons.</summary>
    public required CalibrationInterval TrueAcceptInterval { get; init; }

    /// <summary>Share of genuine pairs accepted, every pair counting the same.</summary>
    public required double TrueAcceptRateOfPairs { get; init; }

    /// <summary>Impostor pairs accepted.</summary>
    public required int FalseAccepts { get; init; }

    /// <summary>Different pairs of persons among them.</summary>
    public required int PersonPairs { get; init; }

    /// <summary>Why the point must not be relied on; null when it may.</summary>
    public required string? Refusal { get; init; }
}
