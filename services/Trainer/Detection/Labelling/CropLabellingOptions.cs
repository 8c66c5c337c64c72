namespace FaceCloud.Trainer.Detection.Labelling;

/// <summary>Which crops become labelled photos.</summary>
public sealed record CropLabellingOptions
{
    /// <summary>A face that appears narrower than this (see <see cref="LabelledFace.RelativeWidth"/>) is turned far away; all such are kept.</summary>
    public float TurnedBelow { get; init; } = 0.9f;

    /// <summary>Share of the others that are kept.</summary>
    public float OthersShare { get; init; } = 0.1f;

    /// <summary>Crops to look at; null for all.</summary>
    public int? Most { get; init; }

    public int Seed { get; init; } = 1;
}
