namespace FaceCloud.Client;

/// <summary>How a gallery is calibrated on itself.</summary>
public sealed record CalibrateOptions
{
    /// <summary>Rates of interest besides the usual ones, (0, 1), at most 20.</summary>
    public IReadOnlyList<double> FalseAcceptRates { get; init; } = [];

    /// <summary>Store it, but go on deciding as before.</summary>
    public bool KeepInactive { get; init; }

    /// <summary>Measure only; nothing is stored.</summary>
    public bool DryRun { get; init; }
}
