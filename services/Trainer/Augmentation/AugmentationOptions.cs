namespace FaceCloud.Trainer.Augmentation;

/// <summary>How often (0…1) and how strongly photos are changed. The defaults were used for the starter encoder.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Share of photos that are mirrored.</summary>
    public float Flip { get; init; } = 0.5f;

    /// <summary>Largest shift in pixels each way; the crops' margin is 4.</summary>
    public int Shift { get; init; } = 4;

    /// <summary>Share of photos that are turned and scaled a little, as a detector's unsteady points do.</summary>
    public float Affine { get; init; } = 0.5f;

    /// <summary>Largest angle, in degrees.</summary>
    public float Angle { get; init; } = 5;

    /// <summary>Largest change of scale.</summary>
    public float Scale { get; init; } = 0.05f;

    /// <summary>Largest change of brightness, as a share of the range.</summary>
    public float Brightness { get; init; } = 0.2f;

    /// <summary>Largest change of contrast.</summary>
    public float Contrast { get; init; } = 0.25f;

    /// <summary>Largest change of one colour against the others.</summary>
    public float Tint { get; init; } = 0.1f;

    /// <summary>Share of photos turned grey.</summary>
    public float Grey { get; init; } = 0.1f;

    /// <summary>Share of photos that are blurred.</summary>
    public float Blur { get; init; } = 0.1f;

    /// <summary>Share of photos reduced to a side of 28 to 80 pixels and enlarged again, as small faces are.</summary>
    public float LowResolution { get; init; } = 0.2f;

    /// <summary>Share of photos with noise.</summary>
    public float Noise { get; init; } = 0.1f;

    /// <summary>Share of photos with a covered rectangle.</summary>
    public float Occlusion { get; init; } = 0.15f;

    /// <summary>Largest side of the rectangle, as a share of the photo's.</summary>
    public float OcclusionSide { get; init; } = 0.4f;

    /// <summary>What a working detector and an ordinary camera do: for the last passes, after the hard ones have taught sturdiness.</summary>
    public static AugmentationOptions Gentle { get; } = new()
    {
        Shift = 1,
        Affine = 0.3f,
        Angle = 2,
        Scale = 0.02f,
        Brightness = 0.1f,
        Contrast = 0.1f,
        Tint = 0.05f,
        Grey = 0.05f,
        Blur = 0.05f,
        LowResolution = 0.1f,
        Noise = 0.05f,
        Occlusion = 0.05f,
    };

    /// <summary>The photo as it is, centred.</summary>
    public static AugmentationOptions None { get; } = new()
    {
        Flip = 0,
        Shift = 0,
        Affine = 0,
        Brightness = 0,
        Contrast = 0,
        Tint = 0,
        Grey = 0,
        Blur = 0,
        LowResolution = 0,
        Noise = 0,
        Occlusion = 0,
    };
}
