using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Verification;

/// <summary>Is the probe the person, or the face of the reference?</summary>
public sealed record VerificationQuery
{
    /// <summary>Null: no gallery, only the server's settings.</summary>
    public GalleryKey? Gallery { get; init; }

    public required ProbeInput Probe { get; init; }

    /// <summary>Compared with a person of the gallery; null: with <see cref="Reference"/>.</summary>
    public string? PersonId { get; init; }

    public ProbeInput? Reference { get; init; }

    public ThresholdWish Wish { get; init; }
}
