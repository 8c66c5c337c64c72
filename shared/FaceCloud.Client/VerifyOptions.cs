namespace FaceCloud.Client;

/// <summary>How sure a 1:1 answer must be; at most one may be set. Default: the gallery's setting, else a false accept rate of 1e-3.</summary>
public sealed record VerifyOptions
{
    /// <summary>Cosine, -1..1; a similarity at or above it matches.</summary>
    public float? Threshold { get; init; }

    /// <summary>Share of wrong pairs that may match, (0, 1); the server finds the threshold in the model's calibration.</summary>
    public double? MaxFalseAcceptRate { get; init; }
}
