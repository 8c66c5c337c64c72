namespace FaceCloud.Trainer.Networks;

/// <summary>How the last map becomes an embedding.</summary>
public enum EncoderHead
{
    /// <summary>Every channel is summed with a weight for each place, and the sums are projected: few weights.</summary>
    Window,

    /// <summary>Every place of the map has a projection of its own: many weights, hardly any arithmetic. What ArcFace's networks do (Deng et al. 2019, option E).</summary>
    Places,
}
