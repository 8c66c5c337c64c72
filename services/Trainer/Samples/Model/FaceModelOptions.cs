namespace FaceCloud.Trainer.Samples.Model;

/// <summary>How much is learned from, and how finely.</summary>
public sealed record FaceModelOptions
{
    /// <summary>Persons with several photos, those with the sharpest.</summary>
    public int Persons { get; init; } = 3200;

    /// <summary>Photos of each, at most.</summary>
    public int PhotosPerPerson { get; init; } = 5;

    /// <summary>Photos of nobody in particular beside them, the sharpest.</summary>
    public int SinglePhotos { get; init; } = 5000;

    /// <summary>Directions of shape.</summary>
    public int ShapeRank { get; init; } = 60;

    /// <summary>Directions of texture.</summary>
    public int TextureRank { get; init; } = 300;

    /// <summary>Share of the photos that fit worst (profiles, sunglasses, hands) and are dropped.</summary>
    public float Dropped { get; init; } = 0.15f;

    /// <summary>Rounds of registration: directions of the target, steps, smoothing of a step, smoothing of the field.</summary>
    public IReadOnlyList<(int Rank, int Steps, float StepSigma, float FieldSigma)> Rounds { get; init; } =
        [(0, 25, 4, 1.2f), (6, 20, 3, 1), (15, 20, 2.5f, 0.9f), (30, 20, 2, 0.8f), (50, 15, 1.7f, 0.7f)];

    public int Seed { get; init; } = 1;

    public int Threads { get; init; } = 1;
}
