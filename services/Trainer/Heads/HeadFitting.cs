namespace FaceCloud.Trainer.Heads;

/// <summary>On whose pairs a head is fitted.</summary>
public enum HeadFitting
{
    /// <summary>Persons whom the encoder was trained on: many, but it knows them better than it will know anybody else.</summary>
    Trained = 1,

    /// <summary>Persons held out: few, but as strange to the encoder as its users' will be.</summary>
    HeldOut = 2,

    /// <summary>Weights on the persons trained on, then one factor and the bias on persons held out.</summary>
    Rescaled = 3,
}
