namespace FaceCloud.Inference.Models;

/// <summary>What a model file told of itself, by its metadata and by being run.</summary>
public sealed record ModelInspection
{
    public required string InputName { get; init; }

    /// <summary>Pixels.</summary>
    public required int InputWidth { get; init; }

    public required int InputHeight { get; init; }

    /// <inheritdoc cref="ModelEntry.FixedSize"/>
    public bool FixedSize { get; init; }

    /// <inheritdoc cref="ModelEntry.OneAtATime"/>
    public bool OneAtATime { get; init; }

    /// <summary>Encoders only.</summary>
    public string? OutputName { get; init; }

    /// <summary>Encoders only.</summary>
    public int? Dimension { get; init; }
}
