namespace FaceCloud.Trainer.Detection;

/// <summary>How scenes are composed and changed; shares are 0…1. The defaults were used for the last stage of the starter detector.</summary>
public sealed record SceneOptions
{
    /// <summary>Most photos of a scene; how many there are is drawn so that one, few and many are about equally often.</summary>
    public int MostPhotos { get; init; } = 40;

    /// <summary>Smallest side of a photo's place in the scene, pixels.</summary>
    public int SmallestPlace { get; init; } = 36;

    /// <summary>Share of places filled from pictures without a face.</summary>
    public float FaceFree { get; init; } = 0.2f;

    /// <summary>Of the places with a face, the share filled from the extra photos, where there are any.</summary>
    public float Extra { get; init; } = 0.4f;

    /// <summary>Of the places with a face, the share filled with photos of a face turned far away: there are few, and they are hard. The starter detector was trained without.</summary>
    public float Turned { get; init; }

    /// <summary>Share of photos of which any part is shown, enlarged, face or not: clothes, hands, ears and letters are what is taken for faces.</summary>
    public float Anywhere { get; init; } = 0.2f;

    /// <summary>Share of photos cropped tightly about a face.</summary>
    public float Tight { get; init; } = 0.2f;

    public float Flip { get; init; } = 0.5f;

    /// <summary>Share of photos that are turned a little.</summary>
    public float Turn { get; init; } = 0.5f;

    /// <summary>Largest angle, degrees.</summary>
    public float Angle { get; init; } = 30;

    /// <summary>
    /// Share of photos turned by 90, 180 or 270 degrees, whose faces then count as background: the product takes no sideways or
    /// upside-down face, and one found as if it were upright would be a template of nobody.
    /// </summary>
    public float Sideways { get; init; } = 0.03f;

    /// <summary>Most that a photo is enlarged.</summary>
    public float Enlarge { get; init; } = 3;

    /// <summary>Smaller faces (root of the area, pixels) are neither face nor background.</summary>
    public float SmallestFace { get; init; } = 11;

    /// <summary>Share of photos made coarser than their place needs.</summary>
    public float LowResolution { get; init; } = 0.15f;

    /// <summary>Largest change of brightness, as a share of the range.</summary>
    public float Brightness { get; init; } = 0.2f;

    public float Contrast { get; init; } = 0.35f;

    /// <summary>Largest change of one colour against the others.</summary>
    public float Tint { get; init; } = 0.12f;

    /// <summary>Share of photos darkened to between 12 % and 50 %.</summary>
    public float Dark { get; init; } = 0.06f;

    public float Grey { get; init; } = 0.18f;

    public float Blur { get; init; } = 0.1f;

    /// <summary>Share of photos that are sharpened, as larger photos look once they are reduced.</summary>
    public float Sharpen { get; init; } = 0.15f;

    public float Noise { get; init; } = 0.1f;

    /// <summary>Share of photos compressed as a poor JPEG.</summary>
    public float Jpeg { get; init; } = 0.06f;

    /// <summary>Share of faces partly covered.</summary>
    public float Cover { get; init; } = 0.06f;

    /// <summary>Share of scenes with a black rest at the right and below, as the product pads pictures.</summary>
    public float Padding { get; init; } = 0.3f;

    /// <summary>One photo a scene, as it is, reduced or enlarged to cover it.</summary>
    public static SceneOptions Plain { get; } = new()
    {
        MostPhotos = 1,
        FaceFree = 0,
        Extra = 0,
        Anywhere = 0,
        Tight = 0,
        Flip = 0,
        Turn = 0,
        Sideways = 0,
        LowResolution = 0,
        Brightness = 0,
        Contrast = 0,
        Tint = 0,
        Dark = 0,
        Grey = 0,
        Blur = 0,
        Sharpen = 0,
        Noise = 0,
        Jpeg = 0,
        Cover = 0,
        Padding = 0,
    };
}
