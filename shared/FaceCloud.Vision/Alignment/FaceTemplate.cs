using System.Numerics;

namespace FaceCloud.Vision.Alignment;

/// <summary>Where the five landmarks of a face lie in its 112 x 112 crop (the ArcFace template, DESIGN section 4).</summary>
internal static class FaceTemplate
{
    private static readonly Vector2[] Template =
    [
        new(38.2946f, 51.6963f),
        new(73.5318f, 51.5014f),
        new(56.0252f, 71.7366f),
        new(41.5493f, 92.3655f),
        new(70.7299f, 92.2041f),
    ];

    public static ReadOnlySpan<Vector2> Points => Template;
}
