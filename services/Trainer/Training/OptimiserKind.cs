namespace FaceCloud.Trainer.Training;

/// <summary>How gradients become steps.</summary>
public enum OptimiserKind
{
    /// <summary>AdamW for all weights.</summary>
    AdamW,

    /// <summary>Muon for the convolutions, AdamW for the rest.</summary>
    Muon,
}
