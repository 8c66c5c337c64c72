using FaceCloud.Trainer.Augmentation;

namespace FaceCloud.Trainer.Evaluation;

/// <summary>A way in which a probe may be worse than the photo that was enrolled.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Change">What is done to the probe.</param>
public sealed record PhotoCondition(string Name, AugmentationOptions Change)
{
    public static IReadOnlyList<PhotoCondition> All { get; } =
    [
        new("as it is", AugmentationOptions.None),
        new("mirrored", AugmentationOptions.None with { Flip = 1 }),
        new("grey", AugmentationOptions.None with { Grey = 1 }),
        new("face of 28 to 80 pixels", AugmentationOptions.None with { LowResolution = 1 }),
        new("blurred", AugmentationOptions.None with { Blur = 1 }),
        new("darker or brighter, up to 40 %", AugmentationOptions.None with { Brightness = 0.4f }),
        new("noise", AugmentationOptions.None with { Noise = 1 }),
        new("partly covered", AugmentationOptions.None with { Occlusion = 1 }),
        new("landmarks off by up to 4 pixels, 5 degrees", AugmentationOptions.None with { Affine = 1, Shift = 4 }),
    ];
}
